using Cluster.Coordinator.Scheduling;
using Xunit;

namespace Cluster.Unit.Scheduling;

public sealed class IndexedHeapTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Stays_in_order_while_entries_come_move_and_go(int seed)
    {
        Random random = new(seed);
        Entry[] entries = [.. Enumerable.Range(0, 60).Select(id => new Entry(id))];
        IndexedHeap<Entry> heap = new();
        HashSet<Entry> expected = [];
        for (int step = 0; step < 5000; step++)
        {
            Entry entry = entries[random.Next(entries.Length)];
            if (random.Next(3) == 0)
            {
                heap.Remove(entry);
                expected.Remove(entry);
            }
            else
            {
                entry.Key = random.Next(40);
                heap.Set(entry);
                expected.Add(entry);
            }

            Assert.Equal(expected.Count, heap.Count);
            Assert.Equal(expected.OrderBy(e => e.Key).ThenBy(e => e.Id).FirstOrDefault(), heap.First);
        }
    }

    private sealed class Entry(int id) : IHeapEntry<Entry>
    {
        public int Id => id;

        public int Key { get; set; }

        public int HeapIndex { get; set; } = -1;

        public bool Precedes(Entry other) => Key < other.Key || (Key == other.Key && Id < other.Id);
    }
}
