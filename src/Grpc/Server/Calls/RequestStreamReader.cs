using Grpc.Core;
using Grpc.Wire;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>The requests of a call.</summary>
internal sealed class RequestStreamReader<TRequest>(ServerCall call, MessageReader<TRequest> reader) : IAsyncStreamReader<TRequest>
    where TRequest : class
{
    private static readonly Task<bool> True = Task.FromResult(true);
    private static readonly Task<bool> False = Task.FromResult(false);

    private readonly Lock _gate = new();
    private Task<bool> _pending = False;
    private bool _ended;

    public TRequest Current => reader.Current ?? throw new InvalidOperationException("No message has been read.");

    public Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested || call.CancellationToken.IsCancellationRequested)
        {
            return Task.FromException<bool>(call.Cancelled());
        }

        lock (_gate)
        {
            if (_ended)
            {
                return Task.FromException<bool>(call.Cancelled());
            }

            if (cancellationToken.CanBeCanceled && cancellationToken != call.CancellationToken)
            {
                return _pending = ReadAsync(cancellationToken);
            }

            ValueTask<bool> read = reader.ReadAsync(call.CancellationToken);
            return read.IsCompletedSuccessfully ? (read.GetAwaiter().GetResult() ? True : False) : _pending = ReadAsync(read);
        }
    }

    /// <summary>
    /// Ends a read that the service has left behind, and refuses later ones: Kestrel uses the stream's objects again for the next call,
    /// whose requests such a read would take.
    /// </summary>
    public async Task EndAsync()
    {
        Task<bool> pending;
        lock (_gate)
        {
            _ended = true;
            pending = _pending;
        }

        if (!pending.IsCompleted)
        {
            reader.CancelPendingRead();
            await Task.WhenAny(pending);
        }
    }

    /// <summary>The one request of a call that is no stream of requests. Waits for the end of the stream too: nothing may follow.</summary>
    public async Task<TRequest> ReadSingleAsync()
    {
        if (!await MoveNext(CancellationToken.None))
        {
            throw new RpcException(new Status(StatusCode.Internal, "The call came without a request."));
        }

        TRequest request = Current;
        return await MoveNext(CancellationToken.None)
            ? throw new RpcException(new Status(StatusCode.Internal, "The call came with more than the one request of this method."))
            : request;
    }

    private async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, call.CancellationToken);
        return await ReadAsync(reader.ReadAsync(either.Token));
    }

    private async Task<bool> ReadAsync(ValueTask<bool> read)
    {
        try
        {
            return await read;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Kestrel throws IOException wherever the body is touched after the client has reset the stream.
            throw call.Cancelled(e);
        }
    }
}
