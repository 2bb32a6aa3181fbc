using Cluster.Coordinator.Errors;
using Grpc.Core;

namespace Cluster.Coordinator.Hosting;

/// <summary>
/// Ends the long streams when the coordinator stops: Kestrel waits for calls to end, and these would not. Each stream asks for its own end, so that
/// none is forgotten that comes while the others are being ended.
/// </summary>
internal sealed class StreamShutdown(IHostApplicationLifetime lifetime)
{
    private const string Reason = "The coordinator is shutting down.";

    private readonly CancellationToken _stopping = lifetime.ApplicationStopping;

    /// <summary>Whether the coordinator stops.</summary>
    public bool HasBegun => _stopping.IsCancellationRequested;

    /// <summary>Reads a stream's first message. The client or node may take its time for it, and the coordinator may stop meanwhile.</summary>
    /// <returns>False: the stream ended without one.</returns>
    /// <exception cref="RpcException">UNAVAILABLE: the coordinator stops.</exception>
    public async Task<bool> ReadFirstAsync<T>(IAsyncStreamReader<T> messages, CancellationToken cancellationToken)
    {
        try
        {
            var any = await messages.MoveNext(cancellationToken).WaitAsync(_stopping);
            return _stopping.IsCancellationRequested ? throw Refusal() : any;
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            throw Refusal();
        }
    }

    /// <summary>Has a stream ended when the coordinator stops; at once where it stops already.</summary>
    /// <param name="end">Ends it with a status; must not block.</param>
    /// <returns>To be disposed when the stream has ended.</returns>
    public CancellationTokenRegistration Register(Action<StatusCode, string> end) => _stopping.Register(() => end(StatusCode.Unavailable, Reason));

    /// <summary>Serves somebody who watches what goes on without him.</summary>
    /// <exception cref="RpcException">UNAVAILABLE: the coordinator stops.</exception>
    public async Task WatchAsync(Func<CancellationToken, Task> serve, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping);
        try
        {
            await serve(ending.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            throw RichStatus.NotNow($"{Reason} Ask again when it is back; the job goes on then.");
        }
    }

    private static RpcException Refusal() => RichStatus.NotNow(Reason);
}
