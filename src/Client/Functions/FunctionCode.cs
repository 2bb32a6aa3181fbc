using System.Collections.Concurrent;
using System.Reflection;

namespace Cluster.Client.Functions;

/// <summary>The code that functions need, put together from the assemblies of the types in their signatures.</summary>
internal sealed class FunctionCode
{
    private readonly ConcurrentDictionary<Assembly, AssemblyClosure?> _closures = new();

    /// <summary>Everything that the given methods need.</summary>
    /// <param name="methods">A function, and the methods of the delegates that it captured.</param>
    /// <param name="function">What the function is called in messages.</param>
    public CodeSet Of(IEnumerable<MethodReference> methods, string function)
    {
        var files = new SortedDictionary<string, AssemblyFile>(StringComparer.Ordinal);
        foreach (var assembly in methods.SelectMany(AssembliesOf).Distinct())
        {
            if (_closures.GetOrAdd(assembly, static (assembly, function) => Find(assembly, function), function) is { } closure)
            {
                Merge(files, closure, function);
            }
        }

        return new CodeSet(files.Values);
    }

    /// <summary>Reads and hashes what an assembly needs, ahead of its first function.</summary>
    /// <param name="program">An assembly with a file.</param>
    public static void Prepare(Assembly program)
    {
        if (FrameworkAssemblies.Contains(program) || IsSdk(program) || AssemblyFiles.Find(program.Location) is not { } root)
        {
            return;
        }

        foreach (var file in AssemblyClosure.Of(root).Files.Values)
        {
            _ = file.CodeFile;
        }
    }

    /// <summary>Everything that an assembly needs that is not loaded here.</summary>
    public static CodeSet Of(AssemblyFile root)
    {
        var closure = AssemblyClosure.Of(root);
        return new CodeSet(closure.Files.Values.OrderBy(file => file.Name, StringComparer.Ordinal));
    }

    private static void Merge(SortedDictionary<string, AssemblyFile> files, AssemblyClosure closure, string function)
    {
        foreach (var file in closure.Files.Values)
        {
            if (!files.TryAdd(file.Name, file) && files[file.Name].Mvid != file.Mvid)
            {
                throw new FunctionNotShippableException(
                    $"{function} cannot be sent to the cluster: it uses two different assemblies named {file.Name}, "
                    + $"{files[file.Name].Path} and {file.Path}. A function can use one of them.",
                    function);
            }
        }
    }

    // Null for assemblies that are on the nodes already.
    private static AssemblyClosure? Find(Assembly assembly, string function)
    {
        if (FrameworkAssemblies.Contains(assembly) || IsSdk(assembly))
        {
            return null;
        }

        var name = assembly.GetName().Name;
        if (assembly.IsDynamic || assembly.Location.Length == 0)
        {
            throw new FunctionNotShippableException(
                $"{function} cannot be sent to the cluster: its assembly {name} has no file. It was made at run time, loaded from memory, "
                + "or is part of a single-file program; publish without PublishSingleFile, or move the function into a class library.",
                function);
        }

        var root = AssemblyFiles.Find(assembly.Location) ?? throw new FunctionNotShippableException(
            $"{function} cannot be sent to the cluster: the file of its assembly, {assembly.Location}, is gone. "
            + "Start the program again from a complete folder.",
            function);
        var closure = AssemblyClosure.Of(root);
        RefuseChanged(closure, assembly, function);
        return closure;
    }

    // The program runs the code that it loaded; the nodes would run what is in the files now.
    private static void RefuseChanged(AssemblyClosure closure, Assembly root, string function)
    {
        var loaded = AppDomain.CurrentDomain.GetAssemblies().Append(root).Where(assembly => !assembly.IsDynamic && assembly.Location.Length > 0)
            .ToLookup(assembly => assembly.Location, StringComparer.Ordinal);
        foreach (var file in closure.Files.Values)
        {
            if (loaded[file.Path].Any(assembly => assembly.ManifestModule.ModuleVersionId != file.Mvid))
            {
                throw new FunctionNotShippableException(
                    $"{function} cannot be sent to the cluster: {file.Path} has been rebuilt since this program started. Start the program again.",
                    function);
            }
        }
    }

    /// <summary>Whether an assembly is on every node because it is part of the SDK.</summary>
    public static bool IsSdk(Assembly assembly) =>
        assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Any(metadata => metadata.Key == "Cluster.Sdk");

    private static HashSet<Assembly> AssembliesOf(MethodReference reference)
    {
        var method = reference.Method;
        var assemblies = new HashSet<Assembly>();
        var pending = new Stack<Type>([
            method.DeclaringType!, method.ReturnType, reference.DelegateClass, .. method.GetGenericArguments(),
            .. method.GetParameters().Select(parameter => parameter.ParameterType)]);
        while (pending.TryPop(out var type))
        {
            if (type.HasElementType)
            {
                pending.Push(type.GetElementType()!);
                continue;
            }

            assemblies.Add(type.Assembly);
            foreach (var argument in type.GetGenericArguments())
            {
                pending.Push(argument);
            }
        }

        return assemblies;
    }
}
