using Cluster.Coordinator.Journal;

namespace Cluster.Unit.Coordinator.Journal;

/// <summary>The simplest state: all entries, in order.</summary>
internal sealed class ListedState : IReplayedState
{
    public List<byte[]> Entries { get; } = [];

    public void Restore(ReadOnlyMemory<byte> part) => Entries.Add(part.ToArray());

    public void Apply(ReadOnlyMemory<byte> entry) => Entries.Add(entry.ToArray());

    public IEnumerable<ReadOnlyMemory<byte>> Save() => Entries.Select(static entry => (ReadOnlyMemory<byte>)entry);
}
