namespace Cluster.Node.Telemetry;

/// <summary>Why a worker process ended, as the tag <c>cluster.worker.end</c> says it.</summary>
internal static class WorkerEnd
{
    /// <summary>By itself, with an exit code.</summary>
    public const string Exit = "exit";

    /// <summary>By a signal that the node did not send: a crash, or the kernel for want of memory.</summary>
    public const string Signal = "signal";

    /// <summary>It never became ready.</summary>
    public const string Start = "start";

    /// <summary>It broke the protocol.</summary>
    public const string Protocol = "protocol";

    /// <summary>The time of an item was up.</summary>
    public const string Timeout = "timeout";

    /// <summary>A chunk was cancelled and did not stop.</summary>
    public const string Cancel = "cancel";

    /// <summary>It took too much memory.</summary>
    public const string Memory = "memory";

    /// <summary>It had run as many items as it may.</summary>
    public const string Turnover = "turnover";
}
