namespace Cluster.Coordinator.Detached;

/// <summary>Where in a job's file the answers of its items are. One writer; readers may lag behind.</summary>
/// <param name="items">How many items there are.</param>
internal sealed class AnswerTable(int items)
{
    // One more than the offset: 0 is none.
    private readonly long[] _places = new long[items];

    /// <summary>Notes an answer. Entries that make no sense are not its own.</summary>
    public void Set(ulong index, long offset)
    {
        if (index < (ulong)_places.Length)
        {
            Volatile.Write(ref _places[index], offset + 1);
        }
    }

    /// <summary>Notes answers that are together.</summary>
    public void Set(ItemRange items, long offset)
    {
        for (var index = items.First; index < items.End; index++)
        {
            Set(index, offset);
        }
    }

    /// <summary>Where the answer of an item is; null: there is none yet.</summary>
    public long? Find(int index) => Volatile.Read(ref _places[index]) is > 0 and var place ? place - 1 : null;

    /// <summary>The items, in ranges that have answers and ranges that have none.</summary>
    public IEnumerable<(ItemRange Items, bool Answered)> Ranges()
    {
        for (var first = 0; first < _places.Length;)
        {
            var answered = Find(first) is not null;
            var end = first + 1;
            while (end < _places.Length && Find(end) is not null == answered)
            {
                end++;
            }

            yield return (ItemRange.Between((ulong)first, (ulong)end), answered);
            first = end;
        }
    }
}
