using System.Runtime.InteropServices;
using Cluster.Protocol;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;

namespace Cluster.Client.Jobs;

/// <summary>Items that lie in an array or a list: encoded by the writer as the window opens, unmanaged ones by memory copy.</summary>
internal sealed class ArrayInputs<T>(ItemCodec<T> codec, IReadOnlyList<T> items) : IJobInputs
{
    private const int ItemsPerTurn = 1024;

    private readonly BatchBuilder<T> _builder = new(codec);
    private readonly ReadyBatches _ready = new();
    private readonly int _total = items.Count;
    private int _encoded;

    public bool IsEnded => _encoded == _total && _ready.Count == 0;

    public long Count => _encoded;

    public bool TryTake(JobFlow flow, out InputBatch batch)
    {
        if (_ready.Count == 0)
        {
            Encode(flow);
        }

        return _ready.TryTake(flow, out batch);
    }

    private void Encode(JobFlow flow)
    {
        while (_encoded < _total && _builder.ByteCount < Limits.PreferredPayloadBytes)
        {
            var taken = flow.Reserve(Math.Min(Turn(), _total - _encoded));
            if (taken == 0)
            {
                break;
            }

            for (var end = _encoded + taken; _encoded < end; _encoded++)
            {
                if (Span(_encoded, end) is { IsEmpty: false } span)
                {
                    _builder.AddRange((ulong)_encoded, span);
                    _encoded = end;
                    break;
                }

                _builder.Add((ulong)_encoded, items[_encoded]);
                if (_builder.ByteCount >= Limits.PreferredPayloadBytes)
                {
                    _encoded++;
                    flow.Release(end - _encoded);
                    break;
                }
            }
        }

        _ready.Add(_builder.TakeAll(), flow);
    }

    // How many items to ask room for at once: a batch of those whose size is known, few of those that may be large.
    private int Turn() => codec.Format != Format.Raw ? ItemsPerTurn
        : codec.Stride == 0 ? Limits.MaxBatchItems
        : Math.Max(1, Limits.PreferredPayloadBytes / codec.Stride);

    // Items that can be copied as memory; empty where they must be encoded one by one.
    private ReadOnlySpan<T> Span(int start, int end)
    {
        if (codec.Format != Format.Raw)
        {
            return default;
        }

        return items switch
        {
            T[] array => array.AsSpan(start, end - start),
            List<T> list => CollectionsMarshal.AsSpan(list)[start..end],
            _ => default,
        };
    }
}
