using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using Cluster.Worker.Errors;
using Cluster.Worker.Link;

namespace Cluster.Worker.Results;

/// <summary>A <see cref="ResultStream"/> with results of one type.</summary>
internal sealed class ResultStream<TOut>(ulong chunkNumber, bool gathered, NodeLink link, TimeProvider time, BatchBuilder<TOut> builder)
    : ResultStream(chunkNumber, gathered, link, time)
{
    /// <summary>What a result takes in the table of lengths.</summary>
    private const int LengthBytes = 4;

    private ResultBlock<TOut>? _block;
    private long _blockMark;

    protected override long PendingBytes_NeedsLock => builder.ByteCount + (LengthBytes * builder.Count);

    /// <summary>Adds the result of an item; where it cannot be serialized, its failure.</summary>
    /// <param name="index">The item.</param>
    /// <param name="result">The result.</param>
    /// <param name="busy">How long the function took, in timestamps.</param>
    public void Add(ulong index, TOut result, long busy)
    {
        lock (Gate)
        {
            Busy += busy;
            try
            {
                builder.Add(index, result);
            }
            catch (ItemEncodeException exception)
            {
                Fail_NeedsLock(index, ErrorConversion.Convert(ErrorKind.Result, exception.InnerException ?? exception, exception.Message));
                return;
            }

            FlushIfFull_NeedsLock();
        }
    }

    /// <summary>Begins a run of items whose results are of a fixed size: they are put into the block, and taken from there as they become due.</summary>
    public void BeginBlock(ResultBlock<TOut> block)
    {
        lock (Gate)
        {
            _block = block;
            _blockMark = Time.GetTimestamp();
        }
    }

    /// <summary>Ends the run, after its last item or after one that failed.</summary>
    public void EndBlock()
    {
        lock (Gate)
        {
            TakeBlock_NeedsLock();
            _block = null;
            FlushIfFull_NeedsLock();
        }
    }

    protected override IReadOnlyList<EncodedBatch> PeekResults_NeedsLock()
    {
        TakeBlock_NeedsLock();
        return builder.Peek();
    }

    protected override void ClearResults_NeedsLock() => builder.Clear();

    private void TakeBlock_NeedsLock()
    {
        if (_block is not { } block)
        {
            return;
        }

        var now = Time.GetTimestamp();
        Busy += now - _blockMark;
        _blockMark = now;
        block.TakeInto(builder);
    }
}
