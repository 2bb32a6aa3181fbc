using BenchmarkDotNet.Attributes;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;

namespace Cluster.MicroBenchmarks.Batches;

/// <summary>What one item costs in each format: written as for a gRPC message, and read. Times and bytes are per item.</summary>
/// <typeparam name="T">The type of the items, which decides the format.</typeparam>
[MemoryDiagnoser]
[GenericTypeArguments(typeof(int))]
[GenericTypeArguments(typeof(Guid))]
[GenericTypeArguments(typeof(byte[]))]
[GenericTypeArguments(typeof(double[]))]
[GenericTypeArguments(typeof(string))]
[GenericTypeArguments(typeof(CodeFile))]
[GenericTypeArguments(typeof((int, string)))]
public class FormatBenchmarks<T>
{
    private const int Items = 1000;

    private readonly T[] _items = [.. Enumerable.Range(0, Items).Select(SampleItems.Make<T>)];
    private readonly BatchBuilder<T> _builder = new(ItemCodec.For<T>());
    private readonly BatchReader<T> _reader = new(ItemCodec.For<T>());
    private List<Batch> _batches = [];

    [GlobalSetup]
    public void Setup()
    {
        _builder.AddRange(0, _items);
        _batches = [.. _builder.TakeAll()];
    }

    [Benchmark(OperationsPerInvoke = Items)]
    public int Write()
    {
        for (var i = 0; i < Items; i++)
        {
            _builder.Add((ulong)i, _items[i]);
        }

        var bytes = 0;
        foreach (var batch in _builder.TakeAll())
        {
            bytes += batch.Payload.Length;
        }

        return bytes;
    }

    [Benchmark(OperationsPerInvoke = Items)]
    public int WriteInPlace()
    {
        for (var i = 0; i < Items; i++)
        {
            _builder.Add((ulong)i, _items[i]);
        }

        var parts = _builder.Peek().Count;
        _builder.Clear();
        return parts;
    }

    [Benchmark(OperationsPerInvoke = Items)]
    public int Read()
    {
        var read = 0;
        foreach (var batch in _batches)
        {
            _reader.Open(batch);
            while (_reader.TryRead(out _, out _))
            {
                read++;
            }
        }

        return read;
    }
}
