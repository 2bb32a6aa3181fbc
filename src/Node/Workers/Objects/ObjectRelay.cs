using Cluster.Protocol.Frames;
using Cluster.Protocol.V1;
using Grpc.Core;
using ObjectsClient = Cluster.Protocol.V1.Objects.ObjectsClient;

namespace Cluster.Node.Workers.Objects;

/// <summary>Brings workers to the shared objects: for each connection of a worker a call to the coordinator, with the node's credentials, which no task sees.</summary>
/// <param name="coordinator">Makes the calls.</param>
/// <param name="headers">What they carry.</param>
/// <param name="node">For people: the node.</param>
internal sealed class ObjectRelay(ObjectsClient coordinator, Metadata headers, string node) : IAsyncDisposable
{
    private readonly NodeWatches _watches = new(coordinator, headers, node);
    private int _connections;

    /// <summary>Workers that use shared objects now.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Dictionaries that the node watches, each once for all of its workers.</summary>
    public int Watches => _watches.Count;

    /// <summary>Passes on what worker and coordinator say until either is gone.</summary>
    /// <param name="stream">The worker's connection; it is disposed.</param>
    /// <param name="reader">Reads from it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(Stream stream, FrameReader<FromWorker> reader, CancellationToken cancellationToken)
    {
        using var call = new WorkerCall(stream, reader, coordinator, headers, _watches, cancellationToken);
        Interlocked.Increment(ref _connections);
        try
        {
            await call.RunAsync().ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }

    public ValueTask DisposeAsync() => _watches.DisposeAsync();
}
