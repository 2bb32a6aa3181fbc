using Cluster.Client.Connection;
using Cluster.Client.Exceptions;
using Cluster.Client.Jobs;
using Grpc.Core;

namespace Cluster.Client.Detached;

/// <summary>Messages about a submitted job, over as many calls as it takes: when one breaks, another goes on, wherever the reader says. Not thread-safe.</summary>
/// <param name="connection">The connection.</param>
/// <param name="jobId">Which job.</param>
/// <param name="open">Makes a call that goes on where the reader is.</param>
internal sealed class ResumedStream<TReply>(ClusterConnection connection, string jobId, Func<CancellationToken, AsyncServerStreamingCall<TReply>> open) : IDisposable
    where TReply : class
{
    private readonly JobOutage _outage = new(connection.TimeProvider, connection.Options.ReconnectTimeout);
    private AsyncServerStreamingCall<TReply>? _call;
    private long _replies;
    private volatile bool _isBroken;

    /// <summary>How many calls were made: what came in part in an earlier one comes again.</summary>
    public int Calls { get; private set; }

    /// <summary>What is waited for while the call has broken and no other has said anything yet; null: nothing. From any thread.</summary>
    public string? Outage => _isBroken ? $"the connection to the coordinator at {connection.Endpoint.Text} broke; it is dialled again" : null;

    /// <summary>The next message.</summary>
    /// <returns>Null: that was the last one.</returns>
    /// <exception cref="JobNotFoundException">There is no such job.</exception>
    /// <exception cref="ClusterException">The coordinator does not answer, or refuses.</exception>
    public async ValueTask<TReply?> NextAsync(CancellationToken cancellationToken)
    {
        connection.ThrowIfDisposed();
        try
        {
            return await connection.Redialling.ExecuteAsync(static (stream, token) => stream.TryNextAsync(token), this, cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw _outage.Attempts > 1 && ConnectionBreak.Is(exception)
                ? CallErrors.GaveUp(connection.Endpoint.Text, _outage.Lasted, _outage.Attempts, exception)
                : JobErrors.Explain(exception, connection.Endpoint.Text, jobId);
        }
    }

    public void Dispose() => _call?.Dispose();

    private async ValueTask<TReply?> TryNextAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_call is null)
            {
                _outage.Try();
                if (_outage.Attempts > 1)
                {
                    await connection.KnockAsync(_outage.Left, cancellationToken).ConfigureAwait(false);
                }

                // Not this step's token: it lives longer.
                _call = open(CancellationToken.None);
                Calls++;
                _outage.BeginRun(_replies);
            }

            if (!await _call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false))
            {
                return null;
            }

            _replies++;
            _isBroken = false;
            return _call.ResponseStream.Current;
        }
        catch (RpcException exception) when (ConnectionBreak.Is(exception) && !cancellationToken.IsCancellationRequested)
        {
            _isBroken = true;
            if (_call is not null)
            {
                _call.Dispose();
                _call = null;
                _outage.EndRun(_replies);
            }

            if (_outage.IsOver)
            {
                throw;
            }

            throw new ConnectionBrokenException(exception);
        }
    }
}
