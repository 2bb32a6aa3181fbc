using Cluster.Protocol.V1;

namespace Cluster.Client.Exceptions;

/// <summary>Makes exceptions of the failures that come over the wire.</summary>
internal static class RemoteErrors
{
    private const string CodeNotLoaded = "The function's code could not be loaded";

    /// <summary>The exception for a failed item.</summary>
    public static Exception ForItem(ItemFailure failure)
    {
        var error = failure.Error ?? new ErrorInfo { Kind = ErrorKind.Internal, Message = "The coordinator reported a failure without saying which. This is a fault of the cluster; the logs of coordinator and nodes may say more." };
        var index = (long)failure.Index;
        return error.Kind switch
        {
            ErrorKind.WorkerLost or ErrorKind.NodeLost => WorkerLost(error, $"Item {index} was lost", index),
            ErrorKind.OutOfMemory => WorkerMemory(error, index),
            ErrorKind.Timeout => Timeout(error, index),
            ErrorKind.Cancelled => new TaskCanceledException($"Item {index} was cancelled{Place(error)}. {error.Message}".TrimEnd()),
            ErrorKind.NoNodes => new ClusterUnavailableException($"Item {index} was not run: {error.Message}", isTransient: true),
            ErrorKind.Argument => RemoteTask(error, $"Item {index} does not fit the function's parameter", index),
            ErrorKind.Result => RemoteTask(error, $"The result of item {index} cannot be sent back", index),
            ErrorKind.Code => RemoteTask(error, CodeNotLoaded, index),
            _ => RemoteTask(error, $"Item {index} failed", index),
        };
    }

    /// <summary>The exception for a job that ended early.</summary>
    public static Exception ForJob(ErrorInfo error, string jobId) => error.Kind switch
    {
        ErrorKind.NoNodes => new ClusterUnavailableException(error.Message, isTransient: true),
        ErrorKind.Cancelled => new OperationCanceledException($"Job {jobId} was cancelled. {error.Message}".TrimEnd()),
        ErrorKind.Code => RemoteTask(error, CodeNotLoaded, index: null),
        ErrorKind.User or ErrorKind.Argument or ErrorKind.Result => RemoteTask(error, $"Job {jobId} failed", index: null),
        ErrorKind.WorkerLost or ErrorKind.NodeLost => WorkerLost(error, $"Job {jobId} was lost", index: null),
        _ => new ClusterException($"Job {jobId} ended early: {error.Message}", error.Transient),
    };

    private static RemoteTaskException RemoteTask(ErrorInfo error, string what, long? index)
    {
        var why = error.Type.Length > 0 && error.Kind is ErrorKind.User ? $"{error.Type}: {error.Message}" : error.Message;
        return new RemoteTaskException($"{what}{Place(error)}: {why}", error.Transient, ExceptionRebuilder.Rebuild(error))
        {
            RemoteType = error.Type,
            RemoteMessage = error.Message,
            RemoteStack = error.Stack,
            Index = index,
            Node = error.Node,
            WorkerPid = error.WorkerPid,
            Attempt = (int)error.Attempt,
            StderrTail = error.StderrTail,
        };
    }

    private static TaskTimeoutException Timeout(ErrorInfo error, long index) =>
        new($"Item {index} took too long{Place(error)}: {error.Message}", error.Transient, error.Inner is { } inner ? ExceptionRebuilder.Rebuild(inner) : null)
        {
            Timeout = error.Timeout?.ToTimeSpan() ?? TimeSpan.Zero,
            Elapsed = error.Elapsed?.ToTimeSpan() ?? TimeSpan.Zero,
            Index = index,
            Node = error.Node,
            WorkerPid = error.WorkerPid,
            Attempt = (int)error.Attempt,
            RemoteStack = error.Inner?.Stack ?? "",
            StderrTail = error.StderrTail,
        };

    private static WorkerLostException WorkerLost(ErrorInfo error, string what, long? index)
    {
        var how = error switch
        {
            { HasSignal: true } => $" The worker was killed by signal {error.Signal}.",
            { HasExitCode: true } => $" The worker exited with code {error.ExitCode}.",
            _ => "",
        };
        return new WorkerLostException($"{what}{Place(error)}: {error.Message}{how}{LastWords(error)}", error.Transient)
        {
            ExitCode = error.HasExitCode ? error.ExitCode : null,
            Signal = error.HasSignal ? error.Signal : null,
            Attempts = (int)error.Attempt,
            Index = index,
            Node = error.Node,
            WorkerPid = error.WorkerPid,
            StderrTail = error.StderrTail,
        };
    }

    private static WorkerMemoryException WorkerMemory(ErrorInfo error, long index)
    {
        return new WorkerMemoryException($"Item {index} ran out of memory{Place(error)}: {error.Message}{LastWords(error)}", error.Transient)
        {
            LimitBytes = (long)error.MemoryLimit,
            UsedBytes = (long)error.MemoryUsed,
            Attempts = (int)error.Attempt,
            Index = index,
            Node = error.Node,
            WorkerPid = error.WorkerPid,
            StderrTail = error.StderrTail,
        };
    }

    /// <summary>
    /// The same failure once more. Who awaits an exception adds to its stack, so that each of several who wait for one job needs one of their
    /// own; what is no exception of the SDK becomes the cause of one.
    /// </summary>
    public static ClusterException Copy(Exception exception) => exception switch
    {
        RemoteTaskException remote => new RemoteTaskException(remote.Message, remote.IsTransient, remote.InnerException)
        {
            RemoteType = remote.RemoteType,
            RemoteMessage = remote.RemoteMessage,
            RemoteStack = remote.RemoteStack,
            Index = remote.Index,
            Node = remote.Node,
            WorkerPid = remote.WorkerPid,
            Attempt = remote.Attempt,
            StderrTail = remote.StderrTail,
        },
        WorkerMemoryException memory => new WorkerMemoryException(memory.Message, memory.IsTransient)
        {
            LimitBytes = memory.LimitBytes,
            UsedBytes = memory.UsedBytes,
            Attempts = memory.Attempts,
            Index = memory.Index,
            Node = memory.Node,
            WorkerPid = memory.WorkerPid,
            StderrTail = memory.StderrTail,
        },
        WorkerLostException lost => new WorkerLostException(lost.Message, lost.IsTransient)
        {
            ExitCode = lost.ExitCode,
            Signal = lost.Signal,
            Attempts = lost.Attempts,
            Index = lost.Index,
            Node = lost.Node,
            WorkerPid = lost.WorkerPid,
            StderrTail = lost.StderrTail,
        },
        RegisteredFunctionException function => new RegisteredFunctionException(function.Message, function.Function, function.InnerException),
        ClusterUnavailableException unavailable => new ClusterUnavailableException(unavailable.Message, unavailable.IsTransient, unavailable.InnerException),
        ClusterException known => new ClusterException(known.Message, known.IsTransient, known.InnerException),
        _ => new ClusterException($"The job of the task failed: {exception.Message}", isTransient: false, exception),
    };

    private static string LastWords(ErrorInfo error) =>
        error.StderrTail.Length > 0 ? $" Its last words on stderr:{Environment.NewLine}{error.StderrTail}" : "";

    // " on node blade-7 (worker 4711, attempt 2)", as far as it is known.
    private static string Place(ErrorInfo error)
    {
        if (error.Node.Length == 0)
        {
            return "";
        }

        return error.WorkerPid == 0
            ? $" on node {error.Node}"
            : $" on node {error.Node} (worker {error.WorkerPid}, attempt {Math.Max(error.Attempt, 1)})";
    }
}
