using Cluster.Cli.Output;
using Cluster.Client;
using Cluster.Protocol.V1;

namespace Cluster.Cli.Top;

/// <summary>Makes snapshots of what a coordinator answers, and finds out how fast things go. Pure, and not thread-safe.</summary>
/// <param name="address">The coordinator's.</param>
internal sealed class TopModel(string address)
{
    // Long enough for jobs whose items take seconds, short enough to notice a change.
    private static readonly TimeSpan RateWindow = TimeSpan.FromSeconds(10);

    private readonly RateMeter _rates = new(RateWindow);
    private TopSnapshot _last = new(default, address, "", null, new TopSlots(0, 0, 0, 0), [], []);

    /// <summary>What the coordinator says now.</summary>
    /// <param name="nodes">Its nodes.</param>
    /// <param name="jobs">Its jobs that have not ended.</param>
    /// <param name="at">The time, for people.</param>
    /// <param name="clock">The time by a clock that only goes forward, from any beginning.</param>
    public TopSnapshot Take(ListNodesReply nodes, IReadOnlyList<JobInfo> jobs, DateTimeOffset at, TimeSpan clock)
    {
        // Of another incarnation, the same id is another job.
        var incarnation = nodes.Coordinator?.StartedAt?.ToString() ?? "";
        TopNode[] rows = [.. nodes.Nodes.OrderBy(static node => node.Name, StringComparer.Ordinal).Select(node => Of(node, incarnation, clock))];
        TopJob[] work = [.. jobs.Select(job => Of(job, incarnation, at, clock))];
        _rates.Keep(nodes.Nodes.Select(node => Key(node, incarnation)).Concat(jobs.Select(job => Key(job, incarnation))).ToHashSet(StringComparer.Ordinal));
        return _last = new TopSnapshot(at, address, nodes.Coordinator?.Version ?? "", nodes.Coordinator?.StartedAt?.ToDateTimeOffset(), TopSlots.Of(rows), rows, work);
    }

    /// <summary>The coordinator does not answer: what it said last, and why.</summary>
    public TopSnapshot Lose(string reason, DateTimeOffset at) => _last with { At = at, Reconnecting = reason };

    private static string Key(NodeInfo node, string incarnation) => $"node {node.Name} {node.AttachedAt} {incarnation}";

    private static string Key(JobInfo job, string incarnation) => $"job {job.JobId} {incarnation}";

    private TopNode Of(NodeInfo info, string incarnation, TimeSpan clock)
    {
        // Its heartbeat may be of a moment ago; what it holds is known at once.
        var node = ClusterNode.From(info);
        return new TopNode(
            node.Name, NodeLine.StateOf(node), node.Slots, Math.Min(node.Running, Math.Min(node.Chunks, node.Slots)), node.Chunks, node.Items, _rates.Add(Key(info, incarnation), node.Items, clock),
            node.MemoryBytes > 0 ? node.MemoryBytes : null, node.MemoryLimitBytes > 0 ? node.MemoryLimitBytes : null);
    }

    private TopJob Of(JobInfo info, string incarnation, DateTimeOffset at, TimeSpan clock)
    {
        var done = (long)(info.Completed + info.Failed);
        long? total = info.HasExpectedItems ? (long)info.ExpectedItems : null;
        var rate = _rates.Add(Key(info, incarnation), done, clock) ?? Average(info, done, at);
        return new TopJob(
            info.JobId, JobLine.NameOf(info.Kind), JobLine.NameOf(info.State), info.Name, done, total, (long)info.Failed, (long)info.Running,
            rate, ProgressText.Left(done, total, rate)?.TotalSeconds, info.WaitingFor.Length > 0 ? info.WaitingFor : null)
        {
            Node = info.Node.Length > 0 ? info.Node : null,
            Pid = info.Pid > 0 ? info.Pid : null,
        };
    }

    // The first time it is seen, nothing better is known than its whole life.
    private static double? Average(JobInfo info, long done, DateTimeOffset at) =>
        info.SubmittedAt?.ToDateTimeOffset() is { } begin && at > begin ? done / (at - begin).TotalSeconds : null;
}
