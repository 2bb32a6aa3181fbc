namespace Cluster.Client;

/// <summary>How a job gets on: a snapshot.</summary>
public sealed record JobProgress
{
    /// <summary>How many items there will be, where the source's length is known.</summary>
    public long? Total { get; init; }

    /// <summary>Items that have reached the coordinator.</summary>
    public long Received { get; init; }

    /// <summary>Items that have a result.</summary>
    public long Completed { get; init; }

    /// <summary>Items that have failed for good.</summary>
    public long Failed { get; init; }

    /// <summary>Items in the hands of workers.</summary>
    public long Running { get; init; }

    /// <summary>Nodes that may run the job.</summary>
    public int Nodes { get; init; }

    /// <summary>How many chunks those nodes run at once.</summary>
    public int Slots { get; init; }

    /// <summary>Why nothing is running, for people; null where something is.</summary>
    public string? WaitingFor { get; init; }

    /// <summary>Time since the call.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Items answered per second, since the call; 0 before the first.</summary>
    public double ItemsPerSecond => Elapsed > TimeSpan.Zero ? (Completed + Failed) / Elapsed.TotalSeconds : 0;
}
