using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;

namespace Cluster.Simulation.Wire;

/// <summary>A chunk in the hands of a simulated node, in the pieces in which it answers.</summary>
internal sealed class WireChunk(ulong id, ulong job)
{
    public ulong Id => id;

    public ulong Job => job;

    public bool HasBegun { get; set; }

    public Queue<Batch> Pieces { get; } = new();

    public void Add(Batch batch, Random random)
    {
        BatchSlicer slicer = new(batch);
        for (ulong first = slicer.First; first < slicer.End;)
        {
            int count = (int)Math.Min((ulong)random.Next(1, 30), slicer.End - first);
            Pieces.Enqueue(slicer.Slice(first, count));
            first += (ulong)count;
        }
    }
}
