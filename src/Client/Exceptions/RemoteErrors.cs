using Cluster.Protocol.V1;

namespace Cluster.Client.Exceptions;

/// <summary>Makes exceptions of the failures that come over the wire.</summary>
internal static class RemoteErrors
{
    /// <summary>The exception for a failed item.</summary>
    public static Exception ForItem(ItemFailure failure)
    {
        var error = failure.Error ?? new ErrorInfo { Kind = ErrorKind.Internal, Message = "The coordinator reported a failure without saying which." };
        var index = (long)failure.Index;
        return error.Kind switch
        {
            ErrorKind.WorkerLost or ErrorKind.NodeLost => WorkerLost(error, index),
            ErrorKind.Cancelled => new TaskCanceledException($"Item {index} was cancelled{Place(error)}. {error.Message}".TrimEnd()),
            ErrorKind.NoNodes => new ClusterUnavailableException(error.Message, isTransient: true),
            _ => RemoteTask(error, index),
        };
    }

    /// <summary>The exception for a job that ended early.</summary>
    public static Exception ForJob(ErrorInfo error, string jobId) => error.Kind switch
    {
        ErrorKind.NoNodes => new ClusterUnavailableException(error.Message, isTransient: true),
        ErrorKind.Cancelled => new OperationCanceledException($"Job {jobId} was cancelled. {error.Message}".TrimEnd()),
        ErrorKind.User or ErrorKind.Code or ErrorKind.Argument or ErrorKind.Result => RemoteTask(error, index: 0),
        ErrorKind.WorkerLost or ErrorKind.NodeLost => WorkerLost(error, index: 0),
        _ => new ClusterException($"Job {jobId} ended early: {error.Message}", error.Transient),
    };

    private static RemoteTaskException RemoteTask(ErrorInfo error, long index)
    {
        var what = error.Kind switch
        {
            ErrorKind.Code => $"The function's code could not be loaded{Place(error)}",
            ErrorKind.Argument => $"Item {index} does not fit the function's parameter{Place(error)}",
            ErrorKind.Result => $"The result of item {index} cannot be sent back{Place(error)}",
            _ => $"Item {index} failed{Place(error)}",
        };
        var why = error.Type.Length > 0 && error.Kind is ErrorKind.User ? $"{error.Type}: {error.Message}" : error.Message;
        return new RemoteTaskException($"{what}: {why}", error.Transient, ExceptionRebuilder.Rebuild(error))
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

    private static WorkerLostException WorkerLost(ErrorInfo error, long index)
    {
        var how = error switch
        {
            { HasSignal: true } => $" The worker was killed by signal {error.Signal}.",
            { HasExitCode: true } => $" The worker exited with code {error.ExitCode}.",
            _ => "",
        };
        var tail = error.StderrTail.Length > 0 ? $" Its last words on stderr:{Environment.NewLine}{error.StderrTail}" : "";
        return new WorkerLostException($"Item {index} was lost{Place(error)}: {error.Message}{how}{tail}", error.Transient)
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
