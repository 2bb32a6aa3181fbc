using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Jobs;

/// <summary>A batch of inputs, or one large item in its fragments, until all of it is answered.</summary>
internal sealed class InputSegment
{
    private readonly LargeItem? _large;
    private ulong _unanswered;
    private Batch? _batch;
    private BatchSlicer? _cutter;

    // Answers lag behind chunks; a slicer of their own spares both the way back.
    private BatchSlicer? _releaser;

    /// <summary>A well-formed batch of whole items.</summary>
    public InputSegment(Batch batch)
    {
        _batch = batch;
        Items = new ItemRange(batch.First, batch.Count);
        _unanswered = batch.Count;
    }

    /// <summary>A complete large item.</summary>
    public InputSegment(LargeItem large)
    {
        _large = large;
        Items = new ItemRange(large.Index, 1);
        _unanswered = 1;
    }

    /// <summary>What it holds, answered or not.</summary>
    public ItemRange Items { get; }

    /// <summary>Whether everything is answered and the bytes are gone.</summary>
    public bool IsReleased => _unanswered == 0;

    /// <summary>Adds the batches of some of the items.</summary>
    public void Cut(ItemRange items, List<Batch> into)
    {
        if (_large is not null)
        {
            into.AddRange(_large.Fragments);
        }
        else if (items == Items)
        {
            into.Add(_batch!);
        }
        else
        {
            _cutter ??= new BatchSlicer(_batch!);
            into.Add(_cutter.Slice(items.First, (int)items.Count));
        }
    }

    /// <summary>Notes that some of the items are answered.</summary>
    /// <returns>How much of the window that frees, see <see cref="InFlightCharge"/>.</returns>
    public long Release(ItemRange items)
    {
        _unanswered -= items.Count;
        var bytes = ChargeOf(items);
        if (_unanswered == 0)
        {
            bytes += _large is null ? InFlightCharge.PerBatch : 0;
            _large?.Fragments.Clear();
            _batch = null;
            _cutter = null;
            _releaser = null;
        }

        return bytes;
    }

    private long ChargeOf(ItemRange items)
    {
        if (_large is not null)
        {
            return _large.Charge;
        }

        var haveLengths = !_batch!.Lengths.IsEmpty;
        if (items == Items)
        {
            return InFlightCharge.Of((long)items.Count, _batch.Payload.Length, haveLengths);
        }

        _releaser ??= new BatchSlicer(_batch);
        return InFlightCharge.Of((long)items.Count, _releaser.SizeOf(items.First, (int)items.Count), haveLengths);
    }
}
