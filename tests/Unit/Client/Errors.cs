using Cluster.Protocol.V1;

namespace Cluster.Unit.Client;

/// <summary>Failures as they come over the wire.</summary>
internal static class Errors
{
    public static ErrorInfo DivideByZero() => new()
    {
        Kind = ErrorKind.User,
        Type = "System.DivideByZeroException",
        Assembly = "System.Private.CoreLib",
        Message = "Attempted to divide by zero.",
        Stack = "   at Sample.Divide(Int32 x)",
        Node = "blade-7",
        WorkerPid = 4711,
        Attempt = 1,
        StderrTail = "last words",
    };
}
