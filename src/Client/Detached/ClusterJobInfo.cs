using Cluster.Protocol.V1;

namespace Cluster.Client;

/// <summary>How far a submitted job is, at one moment.</summary>
public sealed record ClusterJobInfo
{
    /// <summary>What the job is called by: <see cref="JobsVerb.GetJob(ClusterClient, string)"/>.</summary>
    public required string Id { get; init; }

    /// <summary>Where it is.</summary>
    public ClusterJobState State { get; init; }

    /// <summary>For people: <see cref="TaskOptions.Name"/>, or the function.</summary>
    public string Name { get; init; } = "";

    /// <summary>For people: which function it runs. The version of the submission runs, whatever is pushed later.</summary>
    public string Function { get; init; } = "";

    /// <summary>How many items it has.</summary>
    public long Items { get; init; }

    /// <summary>How many of them have a result.</summary>
    public long Completed { get; init; }

    /// <summary>How many of them have failed.</summary>
    public long Failed { get; init; }

    /// <summary>How many of them are in the hands of nodes.</summary>
    public long Running { get; init; }

    /// <summary>When it was submitted.</summary>
    public DateTimeOffset SubmittedAt { get; init; }

    /// <summary>When it ended; null: it has not.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Why it ended early; empty where it did not.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Why nothing of it is running, where nothing is; otherwise empty.</summary>
    public string WaitingFor { get; init; } = "";

    /// <summary><see cref="JobOptions.RequestId"/>; empty: none.</summary>
    public string RequestId { get; init; } = "";

    /// <summary><see cref="JobOptions.Labels"/>.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Type of the results as C# writes it, such as <c>int</c>; <c>void</c> for none, empty where nobody has said.</summary>
    public string ResultType { get; init; } = "";

    /// <summary>Whether it has ended, one way or another.</summary>
    public bool HasEnded => FinishedAt is not null;

    internal ErrorInfo? Error { get; private init; }

    internal static ClusterJobInfo From(JobInfo job) => new()
    {
        Id = job.JobId,
        State = job.State switch
        {
            JobStatus.Queued => ClusterJobState.Queued,
            JobStatus.Done => ClusterJobState.Done,
            JobStatus.Failed => ClusterJobState.Failed,
            JobStatus.Cancelled => ClusterJobState.Cancelled,
            _ => ClusterJobState.Running,
        },
        Name = job.Name,
        Function = job.Function,
        Items = (long)job.Items,
        Completed = (long)job.Completed,
        Failed = (long)job.Failed,
        Running = (long)job.Running,
        SubmittedAt = job.SubmittedAt?.ToDateTimeOffset() ?? DateTimeOffset.MinValue,
        FinishedAt = job.FinishedAt?.ToDateTimeOffset(),
        Reason = job.Error?.Message ?? "",
        Error = job.Error,
        WaitingFor = job.WaitingFor,
        RequestId = job.RequestId,
        Labels = new Dictionary<string, string>(job.Labels),
        ResultType = job.ResultType,
    };
}
