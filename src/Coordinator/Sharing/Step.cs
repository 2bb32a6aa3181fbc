using Cluster.Coordinator.Journal;
using Cluster.Coordinator.Objects;

namespace Cluster.Coordinator.Sharing;

/// <summary>Something that is about to happen to the shared objects.</summary>
/// <param name="Entry">What.</param>
/// <param name="Then">Called afterwards: with null, or with the reason why it did not happen.</param>
internal readonly record struct Step(ObjectEntry Entry, Action<JournalWriteException?>? Then = null)
{
    /// <summary>Where there is a journal, it happens only if it could be written down.</summary>
    public bool IsRecorded { get; } = Entry.IsRecorded;

    /// <summary>When the request came, by the clock of metrics; 0: nobody wants to know.</summary>
    public long ArrivedAt { get; init; }
}
