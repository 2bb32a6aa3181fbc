using BenchmarkDotNet.Attributes;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;

namespace Cluster.MicroBenchmarks.Batches;

/// <summary>The paths that move many unmanaged values, or large items, at once. Times are per batch or item.</summary>
[MemoryDiagnoser]
public class BulkBenchmarks
{
    private readonly int[] _numbers = [.. Enumerable.Range(0, 16_384)];
    private readonly byte[] _block = new byte[1 << 20];
    private readonly byte[] _large = new byte[16 << 20];
    private readonly BatchBuilder<int> _numberBuilder = new(ItemCodec.For<int>());
    private readonly BatchBuilder<byte[]> _bytesBuilder = new(ItemCodec.For<byte[]>());
    private readonly BatchReader<int> _numberReader = new(ItemCodec.For<int>());
    private readonly BatchReader<byte[]> _bytesReader = new(ItemCodec.For<byte[]>());
    private Batch _numberBatch = new();
    private Batch _textBatch = new();
    private Batch[] _fragments = [];

    [GlobalSetup]
    public void Setup()
    {
        _numberBuilder.AddRange(0, _numbers);
        _numberBatch = _numberBuilder.TakeAll().Single();
        var text = new BatchBuilder<string>(ItemCodec.For<string>());
        text.AddRange(0, [.. Enumerable.Range(0, 10_000).Select(i => $"item {i}")]);
        _textBatch = text.TakeAll().Single();
        _bytesBuilder.Add(0, _large);
        _fragments = [.. _bytesBuilder.TakeAll()];
    }

    [Benchmark(Description = "16,384 ints: write, 64 KiB")]
    public int WriteNumbers()
    {
        _numberBuilder.AddRange(0, _numbers);
        return _numberBuilder.TakeAll().Sum(batch => batch.Payload.Length);
    }

    [Benchmark(Description = "16,384 ints: read, 64 KiB")]
    public int ReadNumbers()
    {
        _numberReader.Open(_numberBatch);
        return _numberReader.ReadMany(_numbers);
    }

    [Benchmark(Description = "1 MiB item: write")]
    public int WriteBlock()
    {
        _bytesBuilder.Add(0, _block);
        return _bytesBuilder.TakeAll().Sum(batch => batch.Payload.Length);
    }

    [Benchmark(Description = "16 MiB item: write 16 fragments")]
    public int WriteLarge()
    {
        _bytesBuilder.Add(0, _large);
        return _bytesBuilder.TakeAll().Sum(batch => batch.Payload.Length);
    }

    [Benchmark(Description = "16 MiB item: read 16 fragments")]
    public int ReadLarge()
    {
        var length = 0;
        foreach (var fragment in _fragments)
        {
            _bytesReader.Open(fragment);
            while (_bytesReader.TryRead(out _, out var item))
            {
                length = item.Length;
            }
        }

        return length;
    }

    [Benchmark(Description = "10,000 strings: check and cut into 100 slices")]
    public int Slice()
    {
        var slicer = new BatchSlicer(_textBatch);
        var bytes = 0;
        for (var first = slicer.First; first < slicer.End; first += 100)
        {
            bytes += slicer.Slice(first, 100).Payload.Length;
        }

        return bytes;
    }
}
