using Cluster.Protocol.Code;

namespace Cluster.Client.Functions;

/// <summary>Words what cannot travel.</summary>
internal static class CaptureErrors
{
    /// <summary>An exception that names the captured variable.</summary>
    /// <param name="function">What the function is called in messages.</param>
    /// <param name="path">The variable; empty if the function itself is to blame.</param>
    /// <param name="type">Its type.</param>
    /// <param name="reason">Why it cannot travel and what to do: the rest of a sentence that begins with it.</param>
    /// <param name="cause">What the serializer reported, where it did.</param>
    public static FunctionNotShippableException Create(string function, string path, Type type, string reason, Exception? cause = null)
    {
        var described = MethodNames.Describe(type);
        return path.Length == 0
            ? new FunctionNotShippableException($"{function} cannot be sent to the cluster: the {described} {reason}.", function, null, type, cause)
            : new FunctionNotShippableException(
                $"{function} cannot be sent to the cluster: it captures '{path}' ({described}), which {reason}.", function, path, type, cause);
    }
}
