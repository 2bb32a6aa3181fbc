using Cluster.Coordinator.Objects.Memory;
using Cluster.Coordinator.Objects.Requests;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Objects.Dictionaries;

/// <summary>The latest changes of a dictionary, for watchers that come back.</summary>
internal sealed class DictHistory(ObjectLimits limits, ObjectMemory memory)
{
    private readonly Queue<DictChange> _changes = new();
    private long _bytes;

    /// <summary>The revision of the latest change that has been forgotten; 0: none has.</summary>
    public ulong Floor { get; set; }

    /// <summary>What is known, in the order of revisions.</summary>
    public IReadOnlyCollection<DictChange> Changes => _changes;

    /// <summary>Remembers a change, and forgets others if there are too many.</summary>
    public void Add(DictChange change)
    {
        _changes.Enqueue(change);
        _bytes += Size(change);
        memory.History += Weigh(change);
        while (_changes.Count > 0 && (_changes.Count > limits.HistoryChanges || _bytes > limits.HistoryBytes || memory.History > memory.HistoryLimit))
        {
            var oldest = _changes.Dequeue();
            _bytes -= Size(oldest);
            memory.History -= Weigh(oldest);
            Floor = oldest.Revision;
        }
    }

    /// <summary>The dictionary is gone.</summary>
    public void Clear()
    {
        memory.History -= _changes.Sum(Weigh);
        _changes.Clear();
        _bytes = 0;
    }

    /// <summary>Whether all changes from this revision on are known.</summary>
    public bool Reaches(ulong revision) => revision > Floor;

    private static long Weigh(DictChange change) => Weight.Message + Weight.Of(change.Key) + Weight.Of(change.Value);

    private static int Size(DictChange change) => Values.Size(change.Key) + Values.Size(change.Value);
}
