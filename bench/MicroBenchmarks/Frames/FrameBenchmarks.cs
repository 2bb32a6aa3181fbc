using System.Net.Sockets;
using BenchmarkDotNet.Attributes;
using Cluster.Protocol.Batches;
using Cluster.Protocol.Frames;
using Cluster.Protocol.V1;

namespace Cluster.MicroBenchmarks.Frames;

/// <summary>
/// A chunk to a worker and its results back, over a Unix domain socket within one process: the worker's side reads the items and writes
/// them into results, as an identity function would.
/// </summary>
[MemoryDiagnoser]
public class FrameBenchmarks
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    private readonly List<IDisposable> _owned = [];
    private Socket _node = null!;
    private FrameWriter _writer = null!;
    private FrameReader<FromWorker> _reader = null!;
    private ToWorker _chunk = new();
    private EncodedBatch[] _batches = [];
    private Task _worker = Task.CompletedTask;

    /// <summary>Payload of the chunk.</summary>
    [Params(4, 64 << 10, 1 << 20)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public async Task SetupAsync()
    {
        using var listener = Own(new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified));
        listener.Bind(new UnixDomainSocketEndPoint(_path));
        listener.Listen();
        _node = Own(new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified));
        await _node.ConnectAsync(new UnixDomainSocketEndPoint(_path));
        _worker = EchoAsync(Own(new NetworkStream(Own(await listener.AcceptAsync()))));

        var stream = Own(new NetworkStream(_node));
        _writer = new FrameWriter(FrameLink.Writer(stream));
        _reader = new FrameReader<FromWorker>(FrameLink.Reader(stream), FromWorker.Parser);

        var builder = new BatchBuilder<int>(ItemCodec.For<int>());
        builder.AddRange(0, new int[Bytes / sizeof(int)]);
        _batches = [.. builder.Peek()];
        var run = new WorkerRunChunk { ChunkId = 1, Job = 1, Attempt = 1, Last = true };
        foreach (var batch in _batches)
        {
            FramePayloads.Add(batch, run.Batches, run.PayloadLengths);
        }

        _chunk = new ToWorker { RunChunk = run };
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        _node.Shutdown(SocketShutdown.Send);
        await _worker;
        _owned.ForEach(owned => owned.Dispose());
        File.Delete(_path);
    }

    [Benchmark(Description = "Chunk and results")]
    public async Task<long> RoundTripAsync()
    {
        _writer.Write(_chunk, _batches);
        await _writer.FlushAsync();
        var frame = await _reader.ReadAsync() ?? throw new EndOfStreamException();
        return frame.Payload.Length;
    }

    private static async Task EchoAsync(NetworkStream stream)
    {
        var writer = new FrameWriter(FrameLink.Writer(stream));
        var reader = new FrameReader<ToWorker>(FrameLink.Reader(stream), ToWorker.Parser);
        var items = new BatchReader<int>(ItemCodec.For<int>());
        var results = new BatchBuilder<int>(ItemCodec.For<int>());
        var buffer = new int[16_384];
        while (await reader.ReadAsync() is { } frame)
        {
            var run = frame.Header.RunChunk;
            var rest = frame.Payload;
            FramePayloads.Check(run.Batches, run.PayloadLengths, rest.Length);
            for (var i = 0; i < run.Batches.Count; i++)
            {
                items.Open(run.Batches[i], FramePayloads.Take(ref rest, run.PayloadLengths[i]));
                while (items.Remaining > 0)
                {
                    var first = items.Index;
                    results.AddRange(first, buffer.AsSpan(0, items.ReadMany(buffer)));
                }
            }

            var header = new WorkerResults { ChunkId = run.ChunkId };
            var parts = results.Peek();
            foreach (var part in parts)
            {
                FramePayloads.Add(part, header.Batches, header.PayloadLengths);
            }

            writer.Write(new FromWorker { Results = header }, [.. parts]);
            results.Clear();
            await writer.FlushAsync();
        }
    }

    private T Own<T>(T disposable)
        where T : IDisposable
    {
        _owned.Add(disposable);
        return disposable;
    }
}
