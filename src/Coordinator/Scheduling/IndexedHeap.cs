namespace Cluster.Coordinator.Scheduling;

/// <summary>A binary heap whose entries know their places, so that one that changed can be moved or removed in logarithmic time.</summary>
/// <typeparam name="T">What is ordered. An entry is in one heap at most.</typeparam>
internal sealed class IndexedHeap<T>
    where T : class, IHeapEntry<T>
{
    private T[] _entries = new T[4];

    /// <summary>How many entries there are.</summary>
    public int Count { get; private set; }

    /// <summary>The entry that goes before all others; null when there is none.</summary>
    public T? First => Count == 0 ? null : _entries[0];

    /// <summary>The entry that goes before all others but the first; null when there is none.</summary>
    public T? Second => Count < 2 ? null : Count == 2 || _entries[1].Precedes(_entries[2]) ? _entries[1] : _entries[2];

    /// <summary>Puts an entry in, or in its new place if it is here already.</summary>
    public void Set(T entry)
    {
        if (entry.HeapIndex >= 0)
        {
            Restore(entry.HeapIndex, entry);
            return;
        }

        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, Count * 2);
        }

        SiftUp(Count++, entry);
    }

    /// <summary>Takes an entry out; nothing happens if it is not here.</summary>
    public void Remove(T entry)
    {
        int hole = entry.HeapIndex;
        if (hole < 0)
        {
            return;
        }

        entry.HeapIndex = -1;
        T last = _entries[--Count];
        _entries[Count] = null!;
        if (hole < Count)
        {
            Restore(hole, last);
        }
    }

    private void Restore(int index, T entry)
    {
        if (index > 0 && entry.Precedes(_entries[(index - 1) / 2]))
        {
            SiftUp(index, entry);
        }
        else
        {
            SiftDown(index, entry);
        }
    }

    private void SiftUp(int index, T entry)
    {
        while (index > 0)
        {
            int parent = (index - 1) / 2;
            if (!entry.Precedes(_entries[parent]))
            {
                break;
            }

            Place(index, _entries[parent]);
            index = parent;
        }

        Place(index, entry);
    }

    private void SiftDown(int index, T entry)
    {
        while (true)
        {
            int child = (2 * index) + 1;
            if (child >= Count)
            {
                break;
            }

            if (child + 1 < Count && _entries[child + 1].Precedes(_entries[child]))
            {
                child++;
            }

            if (!_entries[child].Precedes(entry))
            {
                break;
            }

            Place(index, _entries[child]);
            index = child;
        }

        Place(index, entry);
    }

    private void Place(int index, T entry)
    {
        _entries[index] = entry;
        entry.HeapIndex = index;
    }
}
