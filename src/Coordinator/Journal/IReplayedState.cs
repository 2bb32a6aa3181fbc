namespace Cluster.Coordinator.Journal;

/// <summary>What a journal is kept for: a state that comes out the same whenever the same entries are applied in the same order.</summary>
internal interface IReplayedState
{
    /// <summary>Takes a part of a snapshot, in order, before any entry.</summary>
    void Restore(ReadOnlyMemory<byte> part);

    /// <summary>Applies an entry.</summary>
    void Apply(ReadOnlyMemory<byte> entry);

    /// <summary>The parts of a snapshot.</summary>
    IEnumerable<ReadOnlyMemory<byte>> Save();
}
