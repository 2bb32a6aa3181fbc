namespace Cluster.Node;

/// <summary>Everything that the node logs.</summary>
internal static partial class NodeLog
{
    [LoggerMessage(1, LogLevel.Information, "Attached to {Coordinator} at {Address} as {NodeId} with {Slots} slots.")]
    public static partial void Attached(ILogger logger, string coordinator, string address, string nodeId, int slots);

    [LoggerMessage(EventId = 2, Message = "No session with the coordinator at {Address}: {Reason} Dialling again in {Delay} (attempt {Attempt}).")]
    public static partial void DiallingAgain(ILogger logger, LogLevel level, string address, string reason, TimeSpan delay, int attempt);

    [LoggerMessage(3, LogLevel.Error, "This node cannot attach to {Address}: {Reason}")]
    public static partial void Refused(ILogger logger, string address, string reason);

    [LoggerMessage(4, LogLevel.Information, "Leaving: {Reason}.")]
    public static partial void Leaving(ILogger logger, string reason);

    [LoggerMessage(5, LogLevel.Debug, "Worker {WorkerPid} is ready.")]
    public static partial void WorkerReady(ILogger logger, int workerPid);

    [LoggerMessage(6, LogLevel.Warning, "Worker {WorkerPid} {Reason}; starting another.")]
    public static partial void WorkerEnded(ILogger logger, int workerPid, string reason);

    [LoggerMessage(7, LogLevel.Warning, "Worker {WorkerPid} did not come up: it {Reason}. Its stderr:\n{Tail}")]
    public static partial void WorkerDiedAtStart(ILogger logger, int workerPid, string reason, string tail);

    [LoggerMessage(8, LogLevel.Error,
        "{Failures} workers in a row did not come up; the last one {Reason}. Memory limits, a full disk or missing files are likely. Its stderr:\n{Tail}")]
    public static partial void WorkersDieAtStart(ILogger logger, int failures, string reason, string tail);

    [LoggerMessage(9, LogLevel.Error, "{Reason}")]
    public static partial void Failed(ILogger logger, string reason);

    [LoggerMessage(12, LogLevel.Information, "Draining: {Reason}. No new work; {Running} chunks still run and have {Left:F0} s left. A second signal ends the node at once.")]
    public static partial void Draining(ILogger logger, string reason, uint running, double left);

    [LoggerMessage(13, LogLevel.Warning, "The grace is over: {Running} chunks are ended with their workers, and handed back.")]
    public static partial void GraceOver(ILogger logger, uint running);

    [LoggerMessage(10, LogLevel.Warning, "The download of an assembly failed: {Reason} Trying again in {Delay}.")]
    public static partial void DownloadAgain(ILogger logger, string reason, TimeSpan delay);

    [LoggerMessage(14, LogLevel.Warning, "The workers have {Used} of {Limit} MiB of memory: {Consequence}.")]
    public static partial void MemoryPressure(ILogger logger, long used, long limit, string consequence);

    [LoggerMessage(11, LogLevel.Information, "Back at {Coordinator} at {Address} as {NodeId}; its work goes on.")]
    public static partial void Resumed(ILogger logger, string coordinator, string address, string nodeId);

    [LoggerMessage(15, LogLevel.Warning, "Tasks cannot make shared memory that outlives their worker: {Reason}")]
    public static partial void NoSharedMemory(ILogger logger, string reason);

    [LoggerMessage(16, LogLevel.Debug, "Shared memory of programs that have ended was removed: {Count} segments.")]
    public static partial void SharedMemoryRemoved(ILogger logger, int count);

    [LoggerMessage(17, LogLevel.Warning, "Shared memory that programs left behind when they ended could not be removed: {Reason} It is tried again in a moment.")]
    public static partial void SharedMemoryNotSwept(ILogger logger, string reason);
}
