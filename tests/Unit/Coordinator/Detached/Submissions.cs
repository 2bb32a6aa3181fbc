using Cluster.Coordinator.Detached;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;

namespace Cluster.Unit.Coordinator.Detached;

/// <summary>Jobs as they are submitted, and what becomes of them.</summary>
internal static class Submissions
{
    public static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static DetachedJobRecord Record(string id, int items = 3, int minute = 0, string name = "") => new()
    {
        JobId = id,
        SubmittedAt = Begin.AddMinutes(minute).ToTimestamp(),
        Request = new MapRequest { Function = "samples/square", Name = name, Items = { Enumerable.Range(0, items).Select(i => Value.ForNumber(i)) } },
    };

    public static DetachedJobEntry Results(params ulong[] items) => new()
    {
        Results = new DetachedResults { Results = { items.Select(item => new ItemResult { Index = item, Value = Value.ForNumber(item * item) }) } },
    };

    public static DetachedEnd End(int minute, JobStatus state = JobStatus.Done) => new() { At = Begin.AddMinutes(minute).ToTimestamp(), State = state };

    /// <summary>A job that has ended.</summary>
    public static DetachedJob Ended(string id, int minute, long bytes)
    {
        var job = new DetachedJob(Record(id, minute: minute)) { Bytes = bytes };
        job.Finish(End(minute));
        return job;
    }
}
