using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Cluster.Protocol.Code;

namespace Cluster.Cli.Functions;

/// <summary>The functions of an assembly, read from its metadata: its code never runs here.</summary>
internal sealed class FunctionCatalog
{
    private const string CancellationToken = "System.Threading.CancellationToken";

    private const int Examples = 5;

    private readonly string _path;
    private readonly List<FunctionSignature> _functions = [];

    private FunctionCatalog(string path) => _path = path;

    /// <exception cref="UsageException">There is no such file, or it is not a .NET assembly.</exception>
    public static FunctionCatalog Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new UsageException($"There is no file {path}. --code takes the assembly that has the function, such as bin/Debug/net10.0/app.dll.");
        }

        try
        {
            using var file = new PEReader(File.OpenRead(path));
            var catalog = new FunctionCatalog(path);
            catalog.AddAll(file.HasMetadata ? file.GetMetadataReader() : throw new BadImageFormatException("It has no .NET metadata."));
            return catalog;
        }
        catch (BadImageFormatException e)
        {
            throw new UsageException($"{path} is not a .NET assembly: {e.Message} --code takes the .dll that a build puts out, also where there is an executable beside it.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Finds a function that can be called by name.</summary>
    /// <param name="name">What the user wrote.</param>
    /// <param name="spread">Whether items are lists of arguments; otherwise the function takes one.</param>
    /// <exception cref="UsageException">There is none, more than one, or it cannot be called with items.</exception>
    public FunctionSignature Find(FunctionName name, bool spread)
    {
        var named = _functions.Where(function => function.Method == name.Method && SameType(function.Type, name.Type)).ToArray();
        if (named.Length == 0)
        {
            throw new UsageException($"There is no function {name} in {Path.GetFileName(_path)}.{Suggest(name)}");
        }

        var callable = named.Where(function => function is { IsStatic: true, IsGeneric: false }).ToArray();
        if (callable.Length == 0)
        {
            throw new UsageException(named[0].IsStatic
                ? $"{named[0]} is generic. Call a method that says which types it is for."
                : $"{named[0]} is not static: there is no object to call it on. Make it static, or call a static method that creates the object.");
        }

        if (name.Parameters is { } types)
        {
            callable = [.. callable.Where(function => function.Parameters.Select(Bare).SequenceEqual(types.Select(Bare)))];
        }

        var fitting = callable.Where(function => spread ? function.Parameters.Count > 0 : function.Parameters.Count == 1).ToArray();
        return fitting switch
        {
            [var only] => only,
            [] when callable is [var other] => throw new UsageException(
                $"{other} takes {other.Parameters.Count} arguments; an item is one. Use --star to spread each item, a JSON array, over the parameters."),
            [] => throw new UsageException($"No overload of {name} fits. There are: {List(named)}."),
            _ => throw new UsageException($"{name.Type}.{name.Method} is overloaded: {List(fitting)}. Write the parameter types behind the name, in quotes."),
        };
    }

    private static string Bare(string type) => type.Replace(" ", "", StringComparison.Ordinal);

    private static bool SameType(string reflectionName, string written) =>
        reflectionName == written || reflectionName.Replace('+', '.') == written.Replace('+', '.');

    private static string List(IEnumerable<FunctionSignature> functions) => string.Join("; ", functions);

    private string Suggest(FunctionName name)
    {
        var callable = _functions.Where(function => function is { IsStatic: true, IsGeneric: false } && !function.IsCompilerMade)
            .Select(function => $"{function.Type.Replace('+', '.')}.{function.Method}").Distinct(StringComparer.Ordinal).ToArray();
        return callable.Length == 0
            ? " It has no static methods."
            : NearNames.Suggest($"{name.Type}.{name.Method}", callable) is { Length: > 0 } near ? near : $" It has, for example, {string.Join(", ", callable.Take(Examples))}.";
    }

    private void AddAll(MetadataReader reader)
    {
        var assembly = reader.GetString(reader.GetAssemblyDefinition().Name);
        foreach (var typeHandle in reader.TypeDefinitions)
        {
            var type = reader.GetTypeDefinition(typeHandle);
            var isGenericType = type.GetGenericParameters().Count > 0;
            var typeName = ReflectionName(reader, type);
            foreach (var handle in type.GetMethods())
            {
                var method = reader.GetMethodDefinition(handle);
                var signature = method.DecodeSignature(CSharpTypeNames.Instance, genericContext: null);
                var parameters = signature.ParameterTypes is [.., CancellationToken] ? signature.ParameterTypes.RemoveAt(signature.ParameterTypes.Length - 1) : signature.ParameterTypes;
                _functions.Add(new FunctionSignature(
                    assembly,
                    typeName,
                    reader.GetString(method.Name),
                    MetadataTokens.GetToken(handle),
                    parameters,
                    method.Attributes.HasFlag(MethodAttributes.Static),
                    isGenericType || signature.GenericParameterCount > 0,
                    method.Attributes.HasFlag(MethodAttributes.SpecialName) || typeName.Contains('<', StringComparison.Ordinal)
                        || reader.GetString(method.Name).Contains('<', StringComparison.Ordinal)));
            }
        }
    }

    private static string ReflectionName(MetadataReader reader, TypeDefinition type)
    {
        var name = reader.GetString(type.Name);
        if (type.GetDeclaringType() is { IsNil: false } outer)
        {
            return $"{ReflectionName(reader, reader.GetTypeDefinition(outer))}+{name}";
        }

        var space = reader.GetString(type.Namespace);
        return space.Length == 0 ? name : $"{space}.{name}";
    }
}
