using Cluster.Protocol.V1;
using Google.Protobuf;

namespace Cluster.Coordinator.Objects.Cells;

/// <summary>Cells with numbers of one type.</summary>
internal sealed class NumberCells(NumericType type, int length) : ICells
{
    private readonly int _width = Numbers.Width(type);
    private readonly byte[] _memory = new byte[length * Numbers.Width(type)];

    public int Length { get; } = length;

    public IEnumerable<Payload> All => Slice(0, Length, 1 << 20).SelectMany(page => page.Values);

    public string Rule => $"FORMAT_RAW with {_width} bytes for each {type} cell";

    public Payload Get(int index) => Raw(Cell(index));

    public void Set(int index, Payload value) => value.Data.Span.CopyTo(Cell(index));

    public long Weigh(int start, int count) => (long)count * _width;

    public Payload Add(int index, Payload by)
    {
        Numbers.Add(type, Cell(index), by.Data.Span);
        return Get(index);
    }

    public IEnumerable<CellValues> Slice(int start, int stop, int pageBytes)
    {
        var step = Math.Max(1, pageBytes / _width);
        do
        {
            var end = Math.Min(stop, start + step);
            yield return new CellValues { Values = { Raw(_memory.AsSpan(start * _width, (end - start) * _width)) }, More = end < stop };
            start = end;
        }
        while (start < stop);
    }

    public int? Measure(IReadOnlyList<Payload> values)
    {
        var bytes = 0;
        foreach (var value in values)
        {
            if (value.Format != Format.Raw || value.Data.Length % _width != 0)
            {
                return null;
            }

            bytes += value.Data.Length;
        }

        return bytes / _width;
    }

    public void SetSlice(int start, IReadOnlyList<Payload> values)
    {
        var rest = _memory.AsSpan(start * _width);
        foreach (var value in values)
        {
            value.Data.Span.CopyTo(rest);
            rest = rest[value.Data.Length..];
        }
    }

    private Span<byte> Cell(int index) => _memory.AsSpan(index * _width, _width);

    private static Payload Raw(ReadOnlySpan<byte> bytes) => new() { Format = Format.Raw, Data = ByteString.CopyFrom(bytes) };
}
