namespace Cluster.Coordinator.Scheduling;

/// <summary>What an <see cref="IndexedHeap{T}"/> orders.</summary>
/// <typeparam name="T">The entry itself.</typeparam>
internal interface IHeapEntry<in T>
{
    /// <summary>Where the entry is in its heap, kept by the heap; -1 while it is in none.</summary>
    int HeapIndex { get; set; }

    /// <summary>Whether this entry goes before <paramref name="other"/>. A total order, so that a run can be repeated.</summary>
    bool Precedes(T other);
}
