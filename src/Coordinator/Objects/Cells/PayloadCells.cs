using Cluster.Coordinator.Objects.Memory;
using Cluster.Coordinator.Objects.Requests;
using Cluster.Protocol.V1;
using Google.Protobuf;

namespace Cluster.Coordinator.Objects.Cells;

/// <summary>Cells with values of any kind.</summary>
internal sealed class PayloadCells : ICells
{
    private static readonly Payload Null = new() { Format = Format.Json, Data = ByteString.CopyFromUtf8("null") };
    private readonly Payload[] _cells;

    public PayloadCells(int length)
    {
        _cells = new Payload[length];
        Array.Fill(_cells, Null);
    }

    public int Length => _cells.Length;

    public IEnumerable<Payload> All => _cells;

    public string Rule => "one value for each cell";

    public Payload Get(int index) => _cells[index];

    // One for all, from a snapshot too: it weighs nothing.
    public void Set(int index, Payload value) => _cells[index] = value.Equals(Null) ? Null : value;

    public long Weigh(int start, int count)
    {
        var bytes = count * Weight.Slot;
        foreach (var value in _cells.AsSpan(start, count))
        {
            bytes += ReferenceEquals(value, Null) ? 0 : Weight.Of(value);
        }

        return bytes;
    }

    public IEnumerable<CellValues> Slice(int start, int stop, int pageBytes)
    {
        var page = new CellValues();
        var bytes = 0;
        for (var i = start; i < stop; i++)
        {
            var size = Values.Size(_cells[i]);
            if (bytes + size > pageBytes && page.Values.Count > 0)
            {
                page.More = true;
                yield return page;
                page = new CellValues();
                bytes = 0;
            }

            bytes += size;
            page.Values.Add(_cells[i]);
        }

        yield return page;
    }

    public int? Measure(IReadOnlyList<Payload> values) => values.Count;

    public void SetSlice(int start, IReadOnlyList<Payload> values)
    {
        for (var i = 0; i < values.Count; i++)
        {
            Set(start + i, values[i]);
        }
    }
}
