using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Cluster.Protocol.Code;
using Cluster.Protocol.V1;
using Google.Protobuf;

namespace Cluster.Worker.Code;

/// <summary>Makes a <see cref="Function"/> callable: finds its method and rebuilds what its delegate captured.</summary>
internal sealed class FunctionResolver(CodeContext context)
{
    private readonly MethodFinder _methods = new(context);

    /// <summary>Resolves the function of a job and compiles it, so that its first item does not pay for that.</summary>
    /// <exception cref="CodeException">There is no such method, its code does not load, or its captured values do not fit.</exception>
    public ResolvedFunction Resolve(Function function)
    {
        try
        {
            var method = _methods.Find(function);
            RefuseUncallable(method);
            JsonElement? target = function.Target.IsEmpty ? null : ParseTarget(function.Target);
            var bound = new CaptureReader(context, _methods).ReadTarget(target, method);
            Prepare(method);
            var delegateType = function.DelegateType.Length == 0 ? null : _methods.FindType(function.DelegateType);
            return new ResolvedFunction(context, method, bound, bindsFirstParameter: method.IsStatic && target is not null, delegateType);
        }
        catch (Exception exception) when (IsLoadFailure(exception))
        {
            var missing = context.ExplainMissing(exception);
            throw new CodeException($"{function.Type}.{function.Method} cannot be loaded. {missing ?? exception.Message}", exception);
        }
        catch (Exception exception) when (IsCaptureFailure(exception))
        {
            throw new CodeException($"The values that {function.Type}.{function.Method} captured cannot be rebuilt: {exception.Message}", exception);
        }
    }

    private static JsonElement ParseTarget(ByteString target)
    {
        var limits = new JsonDocumentOptions { MaxDepth = CaptureJson.MaxDepth };
        using var document = JsonDocument.Parse(target.Memory, limits);
        return document.RootElement.Clone();
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

    private static bool IsCaptureFailure(Exception exception) =>
        exception is JsonException or NotSupportedException or InvalidOperationException or KeyNotFoundException
        or MissingFieldException or FormatException;
}
