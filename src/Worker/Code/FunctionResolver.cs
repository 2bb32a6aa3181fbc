using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Cluster.Protocol.Code;
using Cluster.Protocol.V1;
using Google.Protobuf;

namespace Cluster.Worker.Code;

/// <summary>Finds the method that a <see cref="Function"/> names, and rebuilds what its delegate captured.</summary>
internal sealed class FunctionResolver(CodeContext context)
{
    private const BindingFlags AllMethods =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Resolves the function of a job and compiles it, so that its first item does not pay for that.</summary>
    /// <exception cref="CodeException">There is no such method, its code does not load, or its captured values do not fit.</exception>
    public ResolvedFunction Resolve(Function function)
    {
        try
        {
            var method = FindMethod(function);
            RefuseUncallable(method, function);
            JsonElement? target = null;
            if (!function.Target.IsEmpty)
            {
                using var document = JsonDocument.Parse(function.Target.Memory, new JsonDocumentOptions { MaxDepth = context.CaptureOptions.MaxDepth });
                target = document.RootElement.Clone();
            }

            var bound = new CaptureReader(context, this).ReadTarget(target, method);
            Prepare(method);
            var delegateType = function.DelegateType.Length == 0 ? null : ParseType(function.DelegateType);
            return new ResolvedFunction(context, method, bound, bindsFirstParameter: method.IsStatic && target is not null, delegateType);
        }
        catch (Exception exception) when (IsLoadFailure(exception))
        {
            var missing = context.ExplainMissing(exception);
            throw new CodeException($"{function.Type}.{function.Method} cannot be loaded. {missing ?? exception.Message}", exception);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or KeyNotFoundException or MissingFieldException)
        {
            throw new CodeException($"The values that {function.Type}.{function.Method} captured cannot be rebuilt: {exception.Message}", exception);
        }
    }

    /// <summary>Finds a method, closed over its type arguments.</summary>
    public MethodInfo FindMethod(Function function)
    {
        var type = FindType(function);
        return function.Token != 0 ? FindByToken(type, function) : FindByName(type, function);
    }

    private Type FindType(Function function)
    {
        Assembly assembly;
        try
        {
            assembly = context.Load(function.Assembly);
        }
        catch (FileNotFoundException exception)
        {
            var came = context.Names.Order(StringComparer.Ordinal).ToArray();
            throw new CodeException(
                $"There is no assembly {function.Assembly}. {(came.Length == 0 ? "No code came with the job" : $"With the job came {string.Join(", ", came)}")}.",
                exception);
        }

        if (assembly.GetType(function.Type, throwOnError: false) is not { } type)
        {
            var names = TypesOf(assembly).Where(candidate => !candidate.Name.Contains('<', StringComparison.Ordinal)).Select(candidate => candidate.FullName!);
            throw new CodeException($"There is no type {function.Type} in {function.Assembly}.{NearNames.Suggest(function.Type, names)}");
        }

        if (!type.IsGenericTypeDefinition)
        {
            return type;
        }

        return function.TypeArguments.Count == type.GetGenericArguments().Length
            ? type.MakeGenericType([.. function.TypeArguments.Select(ParseType)])
            : throw new CodeException(
                $"{function.Type} is generic: its {type.GetGenericArguments().Length} type arguments must be given. A method that is called by name must be in a type that is not generic.");
    }

    private MethodInfo FindByToken(Type type, Function function)
    {
        var method = type.GetMethods(AllMethods).FirstOrDefault(candidate => (uint)candidate.MetadataToken == function.Token);
        if (method is null || method.Name != function.Method)
        {
            throw new CodeException(
                $"The code that arrived is not the code that called it: method 0x{function.Token:x8} of {function.Type} is {method?.Name ?? "not there"}, not {function.Method}. "
                + $"{function.Assembly}.dll was probably rebuilt while the program was running; start the program again.");
        }

        method = Close(method, function);
        if (function.Parameters.Count > 0 && !HasParameters(method, function))
        {
            throw new CodeException(
                $"The code that arrived is not the code that called it: {MethodNames.Describe(method)} has other parameters than ({string.Join(", ", function.Parameters)}). "
                + $"{function.Assembly}.dll was probably rebuilt while the program was running; start the program again.");
        }

        return method;
    }

    private MethodInfo FindByName(Type type, Function function)
    {
        var named = type.GetMethods(AllMethods).Where(candidate => candidate.Name == function.Method).ToArray();
        if (named.Length == 0)
        {
            var names = type.GetMethods(AllMethods).Where(method => method.IsStatic && !method.Name.StartsWith('<')).Select(method => method.Name);
            throw new CodeException($"There is no method {function.Method} in {function.Type}.{NearNames.Suggest(function.Method, names)}");
        }

        var callable = named.Where(method => method.IsStatic).ToArray();
        if (callable.Length == 0)
        {
            throw new CodeException(
                $"{MethodNames.Describe(named[0])} is not static: there is no object to call it on. Make it static, or call a static method that creates the object.");
        }

        var arity = function.MethodTypeArguments.Count;
        callable = [.. callable.Where(method => method.GetGenericArguments().Length == arity)];
        if (callable.Length == 0)
        {
            throw new CodeException(
                $"{MethodNames.Describe(named[0])} is generic: a method that is called by name must not be. Call one that says which types it is for.");
        }

        MethodInfo[] fitting = [.. callable.Select(method => Close(method, function))
            .Where(method => function.Parameters.Count == 0 || HasParameters(method, function))];
        return fitting switch
        {
            [var only] => only,
            [] => throw new CodeException(
                $"No overload of {function.Type}.{function.Method} takes ({string.Join(", ", function.Parameters)}). There are: {List(callable)}."),
            _ => throw new CodeException(
                $"{function.Type}.{function.Method} is overloaded: {List(fitting)}. Say which one is meant by its parameter types, or give it a name of its own."),
        };
    }

    private MethodInfo Close(MethodInfo method, Function function)
    {
        if (!method.IsGenericMethodDefinition)
        {
            return method;
        }

        return method.GetGenericArguments().Length == function.MethodTypeArguments.Count
            ? method.MakeGenericMethod([.. function.MethodTypeArguments.Select(ParseType)])
            : throw new CodeException($"{MethodNames.Describe(method)} needs {method.GetGenericArguments().Length} type arguments; {function.MethodTypeArguments.Count} came.");
    }

    private static bool HasParameters(MethodInfo method, Function function) =>
        method.GetParameters().Select(parameter => TypeNames.Write(parameter.ParameterType)).SequenceEqual(function.Parameters, StringComparer.Ordinal);

    private static void RefuseUncallable(MethodInfo method, Function function)
    {
        foreach (var parameter in method.GetParameters())
        {
            if (parameter.ParameterType.IsByRef || parameter.ParameterType.IsByRefLike || parameter.ParameterType.IsPointer)
            {
                throw new CodeException(
                    $"Parameter {parameter.Name} of {MethodNames.Describe(method)} is a {MethodNames.Describe(parameter.ParameterType)}, which cannot be sent: take a value or an array.");
            }
        }

        foreach (var type in method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType))
        {
            RefuseForeignMessages(type, method);
        }

        var result = method.ReturnType;
        if (result.IsByRef || result.IsByRefLike || result.IsPointer)
        {
            throw new CodeException(
                $"{function.Type}.{function.Method} returns a {MethodNames.Describe(result)}, which cannot be sent back: return a value or an array.");
        }
    }

    // Messages cross the border between the worker, which decodes them, and the code: both must mean the same class.
    private static void RefuseForeignMessages(Type type, MethodInfo method)
    {
        if (type.GetInterface(typeof(IMessage).FullName!) is { } foreign && foreign != typeof(IMessage))
        {
            throw new CodeException(
                $"{MethodNames.Describe(method)} works with messages of {Describe(foreign.Assembly)}, but the worker has {typeof(IMessage).Assembly.GetName().Version}. "
                + "Update the nodes, or build the program with the version that they have.");
        }
    }

    private static string Describe(Assembly assembly) => $"{assembly.GetName().Name} {assembly.GetName().Version}";

    private static void Prepare(MethodInfo method)
    {
        RuntimeTypeHandle[] types = [.. method.DeclaringType!.GetGenericArguments().Concat(method.GetGenericArguments()).Select(type => type.TypeHandle)];
        if (types.Length == 0)
        {
            RuntimeHelpers.PrepareMethod(method.MethodHandle);
        }
        else
        {
            RuntimeHelpers.PrepareMethod(method.MethodHandle, types);
        }
    }

    private Type ParseType(string name) => TypeNames.Parse(name, assembly => context.Load(assembly.Name!));

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

    private static bool IsLoadFailure(Exception exception) => exception is FileNotFoundException or FileLoadException or BadImageFormatException
        or TypeLoadException or ReflectionTypeLoadException or MissingMethodException or InvalidProgramException or TypeInitializationException;
}
