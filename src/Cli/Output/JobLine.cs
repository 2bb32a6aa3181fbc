using Cluster.Protocol.V1;

namespace Cluster.Cli.Output;

/// <summary>A job, as <c>cluster jobs --json</c> prints it.</summary>
internal sealed record JobLine(string Job, string Kind, string State, string Name, string Function, ulong Items, ulong Completed, ulong Failed, ulong Running, DateTimeOffset SubmittedAt)
{
    /// <summary>How many items there will be; null: nobody knows.</summary>
    public ulong? ExpectedItems { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Why nothing runs, where nothing does.</summary>
    public string? WaitingFor { get; init; }

    /// <summary>Why it ended early.</summary>
    public string? Error { get; init; }

    /// <summary>Of a process: where it runs.</summary>
    public string? Node { get; init; }

    /// <summary>Of a process: its id there.</summary>
    public int? Pid { get; init; }

    /// <summary>The submitter's own; null: there are none.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>The failures of its items by message, the most frequent first; null: there are none, or nobody has asked.</summary>
    public IReadOnlyList<JobFailure>? Failures { get; init; }

    /// <summary>What people write for a word of the protocol.</summary>
    public static string NameOf<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    public static JobLine Of(JobInfo info) => new(
        info.JobId, NameOf(info.Kind), NameOf(info.State), info.Name, info.Function, info.Items, info.Completed, info.Failed, info.Running, info.SubmittedAt.ToDateTimeOffset())
    {
        ExpectedItems = info.HasExpectedItems ? info.ExpectedItems : null,
        Node = info.Node.Length > 0 ? info.Node : null,
        Pid = info.Pid > 0 ? info.Pid : null,
        FinishedAt = info.FinishedAt?.ToDateTimeOffset(),
        WaitingFor = info.WaitingFor.Length > 0 ? info.WaitingFor : null,
        Error = info.Error?.Message,
        Labels = info.Labels.Count > 0 ? info.Labels.ToDictionary() : null,
    };

    public string[] ToRow() =>
    [
        Job, Kind, State, Name, Listing.Cell((long)Items), Listing.Cell((long)Completed), Listing.Cell((long)Failed), Listing.Cell((long)Running),
        SubmittedAt.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture), WaitingFor ?? Error ?? "",
    ];
}
