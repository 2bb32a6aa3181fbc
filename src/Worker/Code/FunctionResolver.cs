using System.Reflection;
using System.Runtime.CompilerServices;
using Cluster.Protocol.Code;
using Cluster.Protocol.V1;
using Google.Protobuf;

namespace Cluster.Worker.Code;

/// <summary>Makes a <see cref="Function"/> callable: finds its method and rebuilds what its delegate captured.</summary>
internal sealed class FunctionResolver(CodeContext context)
{
    private readonly MethodFinder _methods = new(context);

    /// <summary>Resolves the function of a job and compiles it, so that its first item does not pay for that.</summary>
    /// <param name="function">The function.</param>
    /// <param name="capturesInItems">Whether what it captured comes with each item and not with the function.</param>
    /// <exception cref="CodeException">There is no such method, its code does not load, or its captured values do not fit.</exception>
    public ResolvedFunction Resolve(Function function, bool capturesInItems = false)
    {
        try
        {
            var method = _methods.Find(function);
            RefuseUncallable(method);
            var targets = new TargetReader(context, _methods, method);
            var target = capturesInItems ? null : targets.Read(function.Target.Memory);
            Prepare(method);
            var delegateType = function.DelegateType.Length == 0 ? null : _methods.FindType(function.DelegateType);
            var bindsFirstParameter = method.IsStatic && (capturesInItems || !function.Target.IsEmpty);
            return new ResolvedFunction(context, method, targets, target, bindsFirstParameter, delegateType);
        }
        catch (Exception exception) when (IsLoadFailure(exception))
        {
            var missing = context.ExplainMissing(exception);
            throw new CodeException($"{function.Type}.{function.Method} cannot be loaded. {missing ?? exception.Message}", exception);
        }
    }

    private static void RefuseUncallable(MethodInfo method)
    {
        foreach (var parameter in method.GetParameters())
        {
            RefuseForeignMessages(parameter.ParameterType, method);
            if (IsMemoryReference(parameter.ParameterType))
            {
                throw new CodeException(
                    $"Parameter {parameter.Name} of {MethodNames.Describe(method)} is a {MethodNames.Describe(parameter.ParameterType)}, "
                    + "which cannot be sent: take a value or an array.");
            }
        }

        RefuseForeignMessages(method.ReturnType, method);
        if (IsMemoryReference(method.ReturnType))
        {
            throw new CodeException(
                $"{MethodNames.Describe(method)} returns a {MethodNames.Describe(method.ReturnType)}, which cannot be sent back: "
                + "return a value or an array.");
        }
    }

    private static bool IsMemoryReference(Type type) => type.IsByRef || type.IsByRefLike || type.IsPointer;

    // Messages cross the border between the worker, which decodes them, and the code: both must mean the same class.
    private static void RefuseForeignMessages(Type type, MethodInfo method)
    {
        if (type.GetInterface(typeof(IMessage).FullName!) is { } foreign && foreign != typeof(IMessage))
        {
            throw new CodeException(
                $"{MethodNames.Describe(method)} works with messages of Google.Protobuf {VersionOf(foreign)}, "
                + $"but the worker has {VersionOf(typeof(IMessage))}. Update the nodes, or build the program with the version that they have.");
        }
    }

    private static Version? VersionOf(Type type) => type.Assembly.GetName().Version;

    private static void Prepare(MethodInfo method)
    {
        Type[] arguments = [.. method.DeclaringType!.GetGenericArguments(), .. method.GetGenericArguments()];
        if (arguments.Length == 0)
        {
            RuntimeHelpers.PrepareMethod(method.MethodHandle);
        }
        else
        {
            RuntimeHelpers.PrepareMethod(method.MethodHandle, [.. arguments.Select(type => type.TypeHandle)]);
        }
    }

    private static bool IsLoadFailure(Exception exception) => exception is FileNotFoundException or FileLoadException or BadImageFormatException
        or TypeLoadException or ReflectionTypeLoadException or MissingMethodException or InvalidProgramException or TypeInitializationException
        or ArgumentException;
}
