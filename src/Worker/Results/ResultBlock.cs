using Cluster.Protocol.Batches;

namespace Cluster.Worker.Results;

/// <summary>
/// A run of results of a fixed size, filled by the chunk's thread item by item and emptied by whoever flushes: the filler publishes how far it is
/// with one store, and needs no lock for an item that takes nanoseconds.
/// </summary>
internal sealed class ResultBlock<TOut>(int capacity)
{
    private readonly TOut[] _results = new TOut[capacity];
    private int _done;
    private int _taken;

    public int Capacity => _results.Length;

    /// <summary>Index in the job of the first result.</summary>
    public ulong First { get; private set; }

    /// <summary>Where the results go.</summary>
    public Span<TOut> Results => _results;

    /// <summary>How many results there are. Written by the filler after each.</summary>
    public int Done
    {
        get => Volatile.Read(ref _done);
        set => Volatile.Write(ref _done, value);
    }

    /// <summary>Starts over. Only while no stream has the block.</summary>
    /// <param name="first">Index in the job of the first item.</param>
    public void Reset(ulong first)
    {
        First = first;
        _done = _taken = 0;
    }

    /// <summary>Moves what is done, and has not been moved, to a builder. Called under the stream's lock.</summary>
    public void TakeInto(BatchBuilder<TOut> builder)
    {
        var done = Done;
        if (done > _taken)
        {
            builder.AddRange(First + (uint)_taken, _results.AsSpan(_taken, done - _taken));
            _taken = done;
        }
    }
}
