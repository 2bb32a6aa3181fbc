using Cluster.Coordinator.Objects.Queues;

namespace Cluster.Coordinator.Objects;

/// <summary>How much there is of what, at one moment.</summary>
internal sealed record ObjectFigures
{
    public int Objects { get; init; }

    /// <summary>As <see cref="Memory.ObjectMemory"/> counts, with what dictionaries keep for watchers that come back.</summary>
    public long Bytes { get; init; }

    /// <summary>Items in all queues.</summary>
    public long Queued { get; init; }

    /// <summary>Requests that wait for something.</summary>
    public int Waiting { get; init; }

    public int Sessions { get; init; }

    public int Watches { get; init; }

    /// <summary>Counts.</summary>
    public static ObjectFigures Of(ObjectContext context) => new()
    {
        Objects = context.Objects.Count,
        Bytes = context.Memory.Used + context.Memory.History,
        Queued = context.Objects.All.OfType<QueueObject>().Sum(static queue => (long)queue.Count),
        Waiting = context.Sessions.All.Sum(static session => session.Waiting.Count),
        Sessions = context.Sessions.All.Count(),
        Watches = context.Sessions.All.Sum(static session => session.Watches.Count),
    };
}
