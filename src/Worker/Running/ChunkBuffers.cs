using Cluster.Protocol.Batches;
using Cluster.Worker.Results;

namespace Cluster.Worker.Running;

/// <summary>What the loop over a chunk needs and can be used again for the next chunk.</summary>
internal sealed class ChunkBuffers<TIn, TOut>(ItemCodec<TIn> inputs, ItemCodec<TOut> outputs)
{
    /// <summary>Items that are read, run and taken together, where there are that many.</summary>
    private const int MaxBlock = 1024;

    private const int FirstBlock = 16;

    private TIn[] _items = [];
    private ResultBlock<TOut>? _block;

    public BatchReader<TIn> Reader { get; } = new(inputs);

    public BatchBuilder<TOut> Builder { get; } = new(outputs);

    /// <summary>Where results are put; as large as <see cref="Items"/>.</summary>
    public ResultBlock<TOut> Block => _block!;

    /// <summary>Room for items.</summary>
    /// <param name="count">How many there are.</param>
    public Span<TIn> Items(int count)
    {
        var wanted = Math.Min(count, MaxBlock);
        if (_items.Length < wanted)
        {
            // A job of single items should not pay for blocks.
            var size = wanted <= FirstBlock ? FirstBlock : MaxBlock;
            _items = new TIn[size];
            _block = new ResultBlock<TOut>(size);
        }

        return _items;
    }

    /// <summary>Forgets the chunk.</summary>
    public void Reset() => Builder.Clear();
}
