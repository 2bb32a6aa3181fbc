using System.Diagnostics.CodeAnalysis;

namespace Cluster.Coordinator.Scheduling;

/// <summary>The chunks in the hands of nodes, by number.</summary>
internal sealed class ChunkTable(UnbegunChunks unbegun)
{
    // What a burst of large clusters leaves behind is bounded.
    private const int MaxSpare = 65536;

    private readonly Dictionary<ulong, Chunk> _out = [];
    private readonly Stack<Chunk> _spare = new();
    private ulong _lastId;

    /// <summary>How many chunks are out.</summary>
    public int Count => _out.Count;

    /// <summary>Notes that items go out.</summary>
    public Chunk Open(Lane lane, Node node, in PendingSegment segment, double chargedSeconds)
    {
        Chunk chunk = _spare.TryPop(out Chunk? spare) ? spare : new Chunk();
        chunk.Fill(new ChunkId(++_lastId), lane, node, segment, chargedSeconds);
        _out.Add(chunk.Id.Value, chunk);
        node.Add(chunk);
        lane.Job.Add(chunk);
        unbegun.Add(chunk);
        return chunk;
    }

    /// <summary>Finds a chunk that is out.</summary>
    public bool TryGet(ChunkId id, [NotNullWhen(true)] out Chunk? chunk) => _out.TryGetValue(id.Value, out chunk);

    /// <summary>Notes that a chunk is back; its object must not be used after this.</summary>
    public void Close(Chunk chunk)
    {
        _out.Remove(chunk.Id.Value);
        unbegun.Remove(chunk);
        chunk.Node.Remove(chunk);
        chunk.Lane.Job.Remove(chunk);
        chunk.Reset();
        if (_spare.Count < MaxSpare)
        {
            _spare.Push(chunk);
        }
    }
}
