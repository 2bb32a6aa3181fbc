using Cluster.Protocol.V1;

namespace Cluster.Cli.Output;

/// <summary>A submitted job, as <c>cluster jobs --json</c> prints it.</summary>
internal sealed record JobLine(string Job, string State, string Name, string Function, ulong Items, ulong Completed, ulong Failed, ulong Running, DateTimeOffset SubmittedAt)
{
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Why nothing runs, where nothing does.</summary>
    public string? WaitingFor { get; init; }

    /// <summary>Why it ended early.</summary>
    public string? Error { get; init; }

    public static JobLine Of(JobInfo info) => new(
        info.JobId, info.State.ToString().ToLowerInvariant(), info.Name, info.Function, info.Items, info.Completed, info.Failed, info.Running, info.SubmittedAt.ToDateTimeOffset())
    {
        FinishedAt = info.FinishedAt?.ToDateTimeOffset(),
        WaitingFor = info.WaitingFor.Length > 0 ? info.WaitingFor : null,
        Error = info.Error?.Message,
    };

    public string[] ToRow() =>
    [
        Job, State, Name, Listing.Cell((long)Items), Listing.Cell((long)Completed), Listing.Cell((long)Failed), Listing.Cell((long)Running),
        SubmittedAt.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture), WaitingFor ?? Error ?? "",
    ];
}
