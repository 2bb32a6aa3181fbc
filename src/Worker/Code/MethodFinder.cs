using System.Reflection;
using Cluster.Protocol.Code;
using Cluster.Protocol.V1;

namespace Cluster.Worker.Code;

/// <summary>Finds the method that a <see cref="Function"/> names, in the code of a job or in what the worker has itself.</summary>
internal sealed class MethodFinder(CodeContext context)
{
    private const BindingFlags AllMethods =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Finds a method, closed over its type arguments.</summary>
    /// <exception cref="CodeException">There is none, or several of which none is meant more than the others.</exception>
    public MethodInfo Find(Function function)
    {
        var type = FindType(function);
        return function.Token != 0 ? FindByToken(type, function) : FindByName(type, function);
    }

    /// <summary>Finds a type by a name of <see cref="TypeNames"/>.</summary>
    public Type FindType(string name) => TypeNames.Parse(name, assembly => context.Load(assembly.Name!));

    private Type FindType(Function function)
    {
        Assembly assembly;
        try
        {
            assembly = context.Load(function.Assembly);
        }
        catch (FileNotFoundException exception)
        {
            var names = context.Names.Order(StringComparer.Ordinal).ToArray();
            var came = names.Length == 0 ? "No code came with the job" : $"With the job came {string.Join(", ", names)}";
            throw new CodeException($"There is no assembly {function.Assembly}. {came}.", exception);
        }

        if (assembly.GetType(function.Type, throwOnError: false) is not { } type)
        {
            var names = TypesOf(assembly).Select(candidate => candidate.FullName!).Where(name => !name.Contains('<', StringComparison.Ordinal));
            throw new CodeException($"There is no type {function.Type} in {function.Assembly}.{NearNames.Suggest(function.Type, names)}");
        }

        if (!type.IsGenericTypeDefinition)
        {
            return type;
        }

        return function.TypeArguments.Count == type.GetGenericArguments().Length
            ? type.MakeGenericType([.. function.TypeArguments.Select(FindType)])
            : throw new CodeException(
                $"{function.Type} is generic: its {type.GetGenericArguments().Length} type arguments must be given. "
                + "A method that is called by name must be in a type that is not generic.");
    }

    private MethodInfo FindByToken(Type type, Function function)
    {
        var method = type.GetMethods(AllMethods).FirstOrDefault(candidate => (uint)candidate.MetadataToken == function.Token);
        if (method is null || method.Name != function.Method)
        {
            throw OtherCode(
                function, $"method 0x{function.Token:x8} of {function.Type} is {method?.Name ?? "not there"}, not {function.Method}");
        }

        method = Close(method, function);
        return function.Parameters.Count == 0 || HasParameters(method, function)
            ? method
            : throw OtherCode(function, $"{MethodNames.Describe(method)} has other parameters than ({string.Join(", ", function.Parameters)})");
    }

    private static CodeException OtherCode(Function function, string difference) => new(
        $"The code that arrived is not the code that called it: {difference}. "
        + $"{function.Assembly}.dll was probably rebuilt while the program was running; start the program again.");

    private MethodInfo FindByName(Type type, Function function)
    {
        var named = type.GetMethods(AllMethods).Where(candidate => candidate.Name == function.Method).ToArray();
        if (named.Length == 0)
        {
            var names = type.GetMethods(AllMethods).Where(method => method.IsStatic).Select(method => method.Name)
                .Where(name => !name.StartsWith('<'));
            throw new CodeException($"There is no method {function.Method} in {function.Type}.{NearNames.Suggest(function.Method, names)}");
        }

        var callable = named.Where(method => method.IsStatic).ToArray();
        if (callable.Length == 0)
        {
            throw new CodeException(
                $"{MethodNames.Describe(named[0])} is not static: there is no object to call it on. "
                + "Make it static, or call a static method that creates the object.");
        }

        callable = [.. callable.Where(method => method.GetGenericArguments().Length == function.MethodTypeArguments.Count)];
        if (callable.Length == 0)
        {
            throw new CodeException(
                $"{MethodNames.Describe(named[0])} is generic: a method that is called by name must not be. "
                + "Call one that says which types it is for.");
        }

        return Choose([.. callable.Select(method => Close(method, function))], function);
    }

    private static MethodInfo Choose(MethodInfo[] overloads, Function function)
    {
        // Who made the message out of a delegate knows that there are no parameters; who knows a name only may just not have said.
        var saysParameters = function.Parameters.Count > 0 || function.DelegateType.Length > 0;
        var fitting = saysParameters ? [.. overloads.Where(method => HasParameters(method, function))] : overloads;
        return fitting switch
        {
            [var only] => only,
            [] => throw new CodeException(
                $"No overload of {function.Type}.{function.Method} takes ({string.Join(", ", function.Parameters)}). There are: {List(overloads)}."),
            _ => throw new CodeException(
                $"{function.Type}.{function.Method} is overloaded: {List(fitting)}. "
                + "Say which one is meant by its parameter types, or give it a name of its own."),
        };
    }

    private MethodInfo Close(MethodInfo method, Function function)
    {
        if (!method.IsGenericMethodDefinition)
        {
            return method;
        }

        var needed = method.GetGenericArguments().Length;
        return needed == function.MethodTypeArguments.Count
            ? method.MakeGenericMethod([.. function.MethodTypeArguments.Select(FindType)])
            : throw new CodeException($"{MethodNames.Describe(method)} needs {needed} type arguments; {function.MethodTypeArguments.Count} came.");
    }

    private static bool HasParameters(MethodInfo method, Function function) => method.GetParameters()
        .Select(parameter => TypeNames.Write(parameter.ParameterType))
        .SequenceEqual(function.Parameters, StringComparer.Ordinal);

    private static IEnumerable<Type> TypesOf(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException exception)
        {
            return exception.Types.OfType<Type>();
        }
    }

    private static string List(IEnumerable<MethodInfo> methods) => string.Join("; ", methods.Select(MethodNames.Describe));
}
