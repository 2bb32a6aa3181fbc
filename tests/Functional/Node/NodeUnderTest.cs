using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Cluster.Node.Code;
using Cluster.Node.Session;
using Cluster.Node.Workers;
using Cluster.Node.Workers.Assignment;
using Cluster.Node.Workers.Dedicated;
using Cluster.Node.Workers.Processes;
using Cluster.Protocol;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging.Abstractions;
using Polly;

namespace Cluster.Functional.Node;

/// <summary>A node with real worker processes; the test is its coordinator.</summary>
internal sealed class NodeUnderTest : IAsyncDisposable
{
    private readonly WorkerPool _pool;
    private readonly WorkerSupervisor _supervisor;
    private readonly ProcessPools _processes;
    private readonly SessionWork _work;
    private readonly DirectoryInfo _cache = Directory.CreateTempSubdirectory("cluster-node-test-");
    private readonly Outbox _outbox;
    private readonly Leftovers _leftovers;
    private bool _sessionIsOver;
    private ulong _lastJob;
    private ulong _lastChunk;

    public NodeUnderTest(int workers = 1, int threads = 1, long outboxBytes = 8 << 20, string? brokenDownload = null)
    {
        var options = new WorkerPoolOptions("test-node", workers, threads);
        _pool = new WorkerPool(options, TimeProvider.System);
        _supervisor = new WorkerSupervisor(
            _pool, options, WorkerCommand.Find(AppContext.BaseDirectory), doors: null, TimeProvider.System, NullLogger.Instance);
        _processes = new ProcessPools(options.Node, WorkerCommand.Find(AppContext.BaseDirectory), doors: null, TimeProvider.System, NullLogger.Instance);
        _outbox = new Outbox(outboxBytes, isAcknowledged: false);
        _outbox.TryConnect(_outbox.CreateWriter(Said), 0);
        var code = new CodeCache(_cache.FullName, (file, _) => Download(file, brokenDownload), ResiliencePipeline.Empty, TimeProvider.System, CachedKind.Assembly);
        _leftovers = new Leftovers(TimeProvider.System);
        _work = new SessionWork(_pool, _processes, code, _outbox, _leftovers, options.Node, _ => { });
        _supervisor.Start();
    }

    /// <summary>What the node says.</summary>
    public RecordingStream Said { get; } = new();

    public string CacheDirectory => _cache.FullName;

    public Heartbeat Status => _pool.Status;

    /// <summary>The memory of its only worker is measured.</summary>
    public void Measure(MemoryLadder ladder, long bytes) => _pool.Relieve(ladder, [.. _pool.Workers.Select(worker => new MemoryUse(worker, bytes))]);

    /// <summary>Opens a job for one of <see cref="Work"/>'s methods.</summary>
    public ulong OpenJob<TIn>(string method, Action<JobSpec>? change = null)
    {
        var path = typeof(Work).Assembly.Location;
        var bytes = File.ReadAllBytes(path);
        var codec = ItemCodec.For<TIn>();
        var spec = new JobSpec
        {
            ProtocolVersion = ProtocolVersion.Current,
            Function = new Function
            {
                Code = new Code { Files = { new CodeFile { Name = typeof(Work).Assembly.GetName().Name, Size = (ulong)bytes.Length, Sha256 = ByteString.CopyFrom(SHA256.HashData(bytes)) } } },
                Assembly = typeof(Work).Assembly.GetName().Name,
                Type = typeof(Work).FullName,
                Method = method,
            },
            InputFormat = codec.Format,
            InputStride = (uint)codec.Stride,
            Arguments = Arguments.Single,
        };
        change?.Invoke(spec);
        var job = ++_lastJob;
        _work.Handle(new NodeCommand { OpenJob = new OpenJob { Job = job, JobId = $"job-{job}", Spec = spec } });
        return job;
    }

    /// <summary>Sends a chunk.</summary>
    public ulong Run<TIn>(ulong job, params TIn[] items) => Run(job, 0, items);

    public ulong Run<TIn>(ulong job, ulong first, TIn[] items, bool alone = false)
    {
        var builder = new BatchBuilder<TIn>(ItemCodec.For<TIn>());
        builder.AddRange(first, items);
        var chunk = ++_lastChunk;
        var batches = builder.TakeAll().ToArray();
        for (var i = 0; i < batches.Length; i++)
        {
            _work.Handle(new NodeCommand { RunChunk = new RunChunk { ChunkId = chunk, Job = job, Attempt = 1, Alone = alone, Batches = { batches[i] }, Last = i == batches.Length - 1 } });
        }

        return chunk;
    }

    public void Cancel(ulong chunk, TimeSpan grace) =>
        _work.Handle(new NodeCommand { CancelChunk = new CancelChunk { ChunkId = chunk, Grace = Duration.FromTimeSpan(grace) } });

    public void CloseJob(ulong job) => _work.Handle(new NodeCommand { CloseJob = new CloseJob { Job = job } });

    /// <summary>The session breaks.</summary>
    public void LoseSession()
    {
        _sessionIsOver = true;
        _work.Dispose();
    }

    /// <summary>Waits until workers have to wait for the network.</summary>
    public async Task WaitForFullOutboxAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        while (_outbox.WaitForRoomAsync(cancellationToken).IsCompleted)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>Waits for the end of a chunk.</summary>
    public async Task<ChunkEnded> EndOfAsync(ulong chunk, CancellationToken cancellationToken)
    {
        var messages = await Said.WaitAsync(all => all.Any(message => message.ChunkEnded?.ChunkId == chunk), cancellationToken);
        return messages.Single(message => message.ChunkEnded?.ChunkId == chunk).ChunkEnded;
    }

    /// <summary>The results of a chunk so far, by index; of a type that travels as it is in memory.</summary>
    public SortedDictionary<ulong, T> ResultsOf<T>(ulong chunk)
        where T : unmanaged
    {
        var results = new SortedDictionary<ulong, T>();
        foreach (var batch in BatchesOf(chunk))
        {
            var index = batch.First;
            foreach (var value in MemoryMarshal.Cast<byte, T>(batch.Payload.Span))
            {
                results.Add(index++, value);
            }
        }

        return results;
    }

    public IEnumerable<Batch> BatchesOf(ulong chunk) => Said.Messages
        .Where(message => message.ChunkResults?.ChunkId == chunk).SelectMany(message => message.ChunkResults.Results.Batches);

    public IEnumerable<ItemFailure> FailuresOf(ulong chunk) => Said.Messages
        .Where(message => message.ChunkResults?.ChunkId == chunk).SelectMany(message => message.ChunkResults.Results.Failures);

    public IEnumerable<OutputLine> LinesOf(ulong chunk) => Said.Messages
        .Where(message => message.ChunkOutput?.ChunkId == chunk).SelectMany(message => message.ChunkOutput.Output.Lines);

    public async ValueTask DisposeAsync()
    {
        if (!_sessionIsOver)
        {
            _work.Dispose();
        }

        _outbox.Close();
        _leftovers.Dispose();
        await _supervisor.DisposeAsync();
        _pool.Dispose();
        _cache.Delete(recursive: true);
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Download(CodeFile file, string? broken)
    {
        yield return broken is null ? await File.ReadAllBytesAsync(typeof(Work).Assembly.Location) : throw new IOException($"{file.Name}: {broken}");
    }
}
