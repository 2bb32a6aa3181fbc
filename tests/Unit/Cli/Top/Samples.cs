using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;

namespace Cluster.Unit.Cli.Top;

/// <summary>What a coordinator may answer.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static ListNodesReply Nodes(params NodeInfo[] nodes) =>
        new() { Coordinator = new CoordinatorInfo { Version = "1.2.3", StartedAt = Noon.AddHours(-1).ToTimestamp() }, Nodes = { nodes } };

    public static NodeInfo Node(string name, NodeState state = NodeState.Ready, uint running = 0, ulong items = 0) => new()
    {
        Name = name,
        State = state,
        Slots = 4,
        Running = running,
        Chunks = running,
        Items = items,
        MemoryBytes = 100 << 20,
        MemoryLimitBytes = 64L << 30,
        AttachedAt = Noon.ToTimestamp(),
    };

    public static JobInfo Job(string id, ulong completed = 0, ulong? expected = null, JobKind kind = JobKind.Submitted)
    {
        var job = new JobInfo { JobId = id, Kind = kind, State = JobStatus.Running, Name = $"name of {id}", Completed = completed, SubmittedAt = Noon.AddSeconds(-100).ToTimestamp() };
        if (expected is { } all)
        {
            job.ExpectedItems = all;
        }

        return job;
    }
}
