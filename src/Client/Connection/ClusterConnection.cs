using System.Collections.Concurrent;
using Cluster.Client.Broadcasts;
using Cluster.Client.Functions;
using Cluster.Client.Jobs;
using Cluster.Client.Objects.Sessions;
using Cluster.Protocol.V1;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Transport;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Polly;

namespace Cluster.Client.Connection;

/// <summary>A channel to a coordinator, and the jobs that run over it.</summary>
internal sealed class ClusterConnection : IAsyncDisposable
{
    // How long the end waits for the coordinator to acknowledge the cancellation of what still runs.
    private static readonly TimeSpan GoodbyePatience = TimeSpan.FromSeconds(1);

    // A listener that stays silent is dialled again after this, but even the last attempt gets the other.
    private static readonly TimeSpan MostPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LeastPatience = TimeSpan.FromMilliseconds(250);

    private readonly GrpcChannel? _channel;
    private readonly ConcurrentDictionary<JobStream, bool> _running = new();
    private int _disposed;

    public ClusterConnection(GrpcEndpoint endpoint, ClusterClientOptions options)
        : this(endpoint, options, ChannelFactory.Create(endpoint, options))
    {
    }

    /// <summary>A connection on which somebody else makes the calls.</summary>
    public ClusterConnection(GrpcEndpoint endpoint, ClusterClientOptions options, CallInvoker calls)
    {
        Endpoint = endpoint;
        Options = options;
        Headers = Token.Headers(Token.Find(options));
        Logger = (options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger("Cluster.Client");
        Jobs = new Protocol.V1.Jobs.JobsClient(calls);
        Nodes = new Nodes.NodesClient(calls);
        Objects = new Protocol.V1.Objects.ObjectsClient(calls);
        Dictionaries = new Dict.DictClient(calls);
        Redialling = Connection.Redialling.Pipeline(endpoint.Text, options.TimeProvider, Logger);
        SharedObjects = new ObjectSession(this);
        Functions = new Protocol.V1.Functions.FunctionsClient(calls);
        Code = new CodeUploader(Functions, Headers);
        Broadcasts = new BroadcastHold(this, new Protocol.V1.Broadcasts.BroadcastsClient(calls));
    }

    private ClusterConnection(GrpcEndpoint endpoint, ClusterClientOptions options, GrpcChannel channel)
        : this(endpoint, options, channel.CreateCallInvoker()) => _channel = channel;

    public GrpcEndpoint Endpoint { get; }

    public ClusterClientOptions Options { get; }

    /// <summary>How long the session with shared objects outlives its connection; null: as long as the coordinator likes.</summary>
    public TimeSpan? SessionLease { get; init; }

    public TimeProvider TimeProvider => Options.TimeProvider;

    public ILogger Logger { get; }

    /// <summary>What every call carries.</summary>
    public Metadata Headers { get; }

    public Protocol.V1.Jobs.JobsClient Jobs { get; }

    public Nodes.NodesClient Nodes { get; }

    public Protocol.V1.Objects.ObjectsClient Objects { get; }

    /// <summary>Dictionaries in JSON, for who knows nothing of the types of their keys and values.</summary>
    public Dict.DictClient Dictionaries { get; }

    public Protocol.V1.Functions.FunctionsClient Functions { get; }

    public ObjectSession SharedObjects { get; }

    public CodeUploader Code { get; }

    /// <summary>Values that were sent to be kept for tasks.</summary>
    public BroadcastHold Broadcasts { get; }

    /// <summary>What jobs that have no coordinator dial through.</summary>
    public ResiliencePipeline Redialling { get; }

    public FunctionShipper Shipper { get; } = new();

    /// <summary>How many jobs run.</summary>
    public int RunningJobs => _running.Count;

    public void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, typeof(ClusterClient));

    /// <summary>Notes a job that is about to run: the end of the connection cancels it.</summary>
    /// <returns>False if the connection is disposed.</returns>
    public bool TryAdd(JobStream stream)
    {
        if (Volatile.Read(ref _disposed) != 0)
        {
            return false;
        }

        _running[stream] = true;
        if (Volatile.Read(ref _disposed) != 0)
        {
            // Perhaps too late to be found by who disposes.
            stream.Cancel();
        }

        return true;
    }

    /// <summary>Completes when the coordinator answers.</summary>
    /// <param name="left">For how long it may be tried.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="RpcException">It does not.</exception>
    public async Task KnockAsync(TimeSpan left, CancellationToken cancellationToken)
    {
        if (_channel is null)
        {
            // Who makes the calls has knocked.
            return;
        }

        var patience = left > MostPatience ? MostPatience : left < LeastPatience ? LeastPatience : left;
        using var attempt = new CancellationTokenSource(patience, TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, attempt.Token);
        await Code.KnockAsync(either.Token).ConfigureAwait(false);
    }

    public void Remove(JobStream stream) => _running.TryRemove(stream, out _);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        var running = _running.Keys;
        foreach (var stream in running)
        {
            stream.Cancel();
        }

        var goodbye = Task.WhenAll(running.Select(stream => stream.Completion).Append(SharedObjects.DisposeAsync().AsTask()));
        await Task.WhenAny(goodbye, Task.Delay(GoodbyePatience, TimeProvider)).ConfigureAwait(false);
        foreach (var stream in running)
        {
            // One that the coordinator has not ended in time, or that waits for a handler or a reader.
            stream.Abort();
        }

        await Broadcasts.DisposeAsync().ConfigureAwait(false);
        _channel?.Dispose();
        Code.Dispose();
    }
}
