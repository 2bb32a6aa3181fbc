using System.Diagnostics.CodeAnalysis;

namespace Cluster.Worker.Running;

/// <summary>The chunks that this worker has: those that still arrive, those that run, and those that wait for a thread, in the order of arrival.</summary>
/// <param name="threads">How many run at once.</param>
internal sealed class ChunkQueue(int threads)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, ChunkRun> _known = [];
    private readonly List<ChunkRun> _waiting = [];
    private int _running;

    /// <summary>The first of a chunk has come.</summary>
    public void Announce(ChunkRun chunk)
    {
        lock (_gate)
        {
            _known[chunk.Number] = chunk;
        }
    }

    /// <summary>A chunk is complete.</summary>
    /// <returns>True: it begins now, and the caller runs it. False: all threads are busy, and it waits.</returns>
    public bool TryBegin(ChunkRun chunk)
    {
        lock (_gate)
        {
            if (_running < threads)
            {
                _running++;
                return true;
            }

            _waiting.Add(chunk);
            return false;
        }
    }

    /// <summary>A chunk has ended.</summary>
    /// <returns>The one that begins in its place, which the caller runs.</returns>
    public ChunkRun? End(ChunkRun chunk)
    {
        lock (_gate)
        {
            _known.Remove(chunk.Number);
            if (_waiting is not [var next, ..])
            {
                _running--;
                return null;
            }

            _waiting.RemoveAt(0);
            return next;
        }
    }

    /// <summary>Finds a chunk that has not ended.</summary>
    public bool TryFind(ulong number, [NotNullWhen(true)] out ChunkRun? chunk)
    {
        lock (_gate)
        {
            return _known.TryGetValue(number, out chunk);
        }
    }

    /// <summary>Takes back a chunk that waits.</summary>
    public bool TryWithdraw(ulong number)
    {
        lock (_gate)
        {
            return _waiting.RemoveAll(chunk => chunk.Number == number) > 0 && _known.Remove(number);
        }
    }
}
