using System.Globalization;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Cluster.Protocol.Code;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Functions.Registered;

/// <summary>Finds the methods of an assembly that have the attribute [ClusterFunction]. Reads its metadata; nothing of it is loaded, and none of its code runs.</summary>
internal sealed class FunctionReader
{
    /// <summary>How many arguments an item is spread over at most.</summary>
    public const int MaxParameters = 7;

    private const int MaxFunctions = 1000;
    private const string CancellationToken = "System.Threading.CancellationToken";
    private static readonly string[] Awaited = ["System.Threading.Tasks.Task", "System.Threading.Tasks.ValueTask"];

    private readonly MetadataReader _metadata;
    private readonly DocumentationFile _documentation;

    private FunctionReader(MetadataReader metadata, DocumentationFile documentation) => (_metadata, _documentation) = (metadata, documentation);

    /// <summary>Reads the functions of an assembly, by name.</summary>
    /// <param name="assembly">The file.</param>
    /// <param name="documentation">What its comments say.</param>
    /// <exception cref="RegistrationRejectedException">It is no assembly, has no functions, or has some that cannot be called by name.</exception>
    public static IReadOnlyList<FunctionRecord> Read(Stream assembly, DocumentationFile documentation)
    {
        try
        {
            using var file = new PEReader(assembly, PEStreamOptions.PrefetchMetadata | PEStreamOptions.LeaveOpen);
            if (!file.HasMetadata || file.GetMetadataReader() is not { IsAssembly: true } metadata)
            {
                throw new RegistrationRejectedException("assembly", "The file is not a .NET assembly. Push the .dll that a build puts out.");
            }

            return new FunctionReader(metadata, documentation).ReadAll();
        }
        catch (Exception exception) when (exception is BadImageFormatException or ArgumentException or InvalidOperationException)
        {
            throw new RegistrationRejectedException("assembly", $"The file is not a .NET assembly, or a damaged one: {exception.Message}", exception);
        }
    }

    private List<FunctionRecord> ReadAll()
    {
        var functions = new SortedDictionary<string, FunctionRecord>(StringComparer.Ordinal);
        foreach (var handle in _metadata.MethodDefinitions)
        {
            if (FindAttribute(_metadata.GetMethodDefinition(handle)) is not { } attribute)
            {
                continue;
            }

            var function = ReadOne(handle, attribute);
            if (!functions.TryAdd(function.Function.Name, function))
            {
                throw new RegistrationRejectedException(
                    "assembly", $"Two methods are called '{function.Function.Name}': {functions[function.Function.Name].Function.Method} and {function.Function.Method}. Give one another name: [ClusterFunction(\"…\")].");
            }

            if (functions.Count > MaxFunctions)
            {
                throw new RegistrationRejectedException("assembly", string.Create(CultureInfo.InvariantCulture, $"The assembly has more than {MaxFunctions} functions. Spread them over several."));
            }
        }

        return functions.Count > 0 ? [.. functions.Values] : throw new RegistrationRejectedException(
            "assembly", $"{_metadata.GetString(_metadata.GetAssemblyDefinition().Name)} has no functions: no static method has the attribute [ClusterFunction] of Cluster.Client.");
    }

    private CustomAttribute? FindAttribute(MethodDefinition method)
    {
        foreach (var handle in method.GetCustomAttributes())
        {
            var attribute = _metadata.GetCustomAttribute(handle);
            if (attribute.Constructor.Kind == HandleKind.MemberReference
                && _metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent is { Kind: HandleKind.TypeReference } parent
                && _metadata.GetTypeReference((TypeReferenceHandle)parent) is var type
                && _metadata.StringComparer.Equals(type.Name, "ClusterFunctionAttribute")
                && _metadata.StringComparer.Equals(type.Namespace, "Cluster.Client"))
            {
                return attribute;
            }
        }

        return null;
    }

    private FunctionRecord ReadOne(MethodDefinitionHandle handle, CustomAttribute attribute)
    {
        var method = _metadata.GetMethodDefinition(handle);
        var methodName = _metadata.GetString(method.Name);
        var type = TypeName(method.GetDeclaringType(), '+');
        var display = $"{type.Replace('+', '.')}.{methodName}";
        var signature = method.DecodeSignature(CSharpTypeNames.Instance, genericContext: null);
        var parameters = signature.ParameterTypes is [.., CancellationToken] ? signature.ParameterTypes.RemoveAt(signature.ParameterTypes.Length - 1) : signature.ParameterTypes;
        Refuse(method, display, signature, parameters.Length);

        var values = attribute.DecodeValue(AttributeTypes.Instance);
        var name = values.FixedArguments is [{ Value: string given }] ? given : methodName;
        if (!FunctionNames.IsFunction(name))
        {
            throw new RegistrationRejectedException("assembly", $"{display} cannot be called '{name}': names have {FunctionNames.FunctionRule}. Say [ClusterFunction(\"…\")].");
        }

        var documented = DocumentedName(method, methodName);
        var description = values.NamedArguments.FirstOrDefault(static argument => argument.Name == "Description").Value as string;
        var function = new RegisteredFunction
        {
            Name = name,
            Result = ResultOf(signature.ReturnType),
            Description = description is null ? _documentation.Summary(documented) : DocumentationFile.Shorten(description),
            Method = display,
        };
        var names = ParameterNames(method);
        function.Parameters.Add(parameters.Select((parameter, position) => new FunctionParameter
        {
            Name = names.GetValueOrDefault(position + 1, ""),
            Type = parameter,
            Description = _documentation.Parameter(documented, names.GetValueOrDefault(position + 1, "")),
        }));
        return new FunctionRecord { Function = function, Type = type, Method = methodName, Token = (uint)MetadataTokens.GetToken(handle) };
    }

    private void Refuse(MethodDefinition method, string display, MethodSignature<string> signature, int parameters)
    {
        var wrong = !method.Attributes.HasFlag(MethodAttributes.Static) ? "is not static: there is no object to call it on"
            : signature.GenericParameterCount > 0 || IsGeneric(method.GetDeclaringType()) ? "is generic, and nobody would say for which types"
            : signature.ParameterTypes.Any(static type => type.StartsWith("ref ", StringComparison.Ordinal) || type.EndsWith('*')) ? "takes references or pointers, which do not travel"
            : parameters > MaxParameters ? string.Create(CultureInfo.InvariantCulture, $"takes {parameters} arguments, and items are spread over {MaxParameters} at most")
            : null;
        if (wrong is not null)
        {
            throw new RegistrationRejectedException("assembly", $"{display} cannot be called by name: it {wrong}. Register a static method that calls it.");
        }
    }

    private bool IsGeneric(TypeDefinitionHandle handle) => _metadata.GetTypeDefinition(handle).GetGenericParameters().Count > 0;

    private Dictionary<int, string> ParameterNames(MethodDefinition method) => method.GetParameters()
        .Select(_metadata.GetParameter).ToDictionary(static parameter => (int)parameter.SequenceNumber, parameter => _metadata.GetString(parameter.Name));

    private string DocumentedName(MethodDefinition method, string name)
    {
        var parameters = method.DecodeSignature(DocumentationTypeNames.Instance, genericContext: null).ParameterTypes;
        return $"{TypeName(method.GetDeclaringType(), '.')}.{name}{(parameters.Length == 0 ? "" : $"({string.Join(',', parameters)})")}";
    }

    private string TypeName(TypeDefinitionHandle handle, char nesting)
    {
        var type = _metadata.GetTypeDefinition(handle);
        var name = _metadata.GetString(type.Name);
        if (type.GetDeclaringType() is { IsNil: false } outer)
        {
            return $"{TypeName(outer, nesting)}{nesting}{name}";
        }

        var space = _metadata.GetString(type.Namespace);
        return space.Length == 0 ? name : $"{space}.{name}";
    }

    private static string ResultOf(string returned)
    {
        foreach (var task in Awaited)
        {
            if (returned == task)
            {
                return "void";
            }

            if (returned.StartsWith(task + "<", StringComparison.Ordinal))
            {
                return returned[(task.Length + 1)..^1];
            }
        }

        return returned;
    }
}
