using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Cluster.Client.Connection;
using Cluster.Client.Exceptions;
using Cluster.Client.Jobs;
using Cluster.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Cluster.Client.Broadcasts;

/// <summary>Has the coordinator keep the broadcasts of a client, and sends again what it has lost: one call, which lasts as long as the client does and is made again when it breaks.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The token source owns no timer.")]
internal sealed class BroadcastHold(ClusterConnection connection, Protocol.V1.Broadcasts.BroadcastsClient broadcasts)
{
    private readonly Lock _gate = new();
    private readonly HeldBroadcasts _held = new();
    private readonly CancellationTokenSource _over = new();
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private Task _running = Task.CompletedTask;
    private bool _isRunning;

    /// <summary>Has the coordinator keep a value, until it is released. If that fails it is disposed.</summary>
    /// <exception cref="ClusterException">The coordinator does not take it, or is not there.</exception>
    public async Task HoldAsync(BroadcastFile content, CancellationToken cancellationToken)
    {
        Task kept;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_over.IsCancellationRequested, typeof(ClusterClient));
            kept = _held.Add(content);
            if (!_isRunning)
            {
                _isRunning = true;
                _running = Task.Run(RunAsync, CancellationToken.None);
            }
        }

        _changes.Writer.TryWrite(true);
        try
        {
            await kept.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            Release(content);
            throw;
        }
    }

    /// <summary>A value is needed no more.</summary>
    public void Release(BroadcastFile content)
    {
        _held.Remove(content);
        lock (_gate)
        {
            if (!_isRunning)
            {
                _held.DisposeFinished();
                return;
            }
        }

        _changes.Writer.TryWrite(true);
    }

    public async ValueTask DisposeAsync()
    {
        Task running;
        lock (_gate)
        {
            _over.Cancel();
            running = _running;
        }

        await running.ConfigureAwait(false);
        _held.DisposeAll();
    }

    private async Task RunAsync()
    {
        var outage = new JobOutage(connection.TimeProvider, connection.Options.ReconnectTimeout);
        Exception end = new ObjectDisposedException(typeof(ClusterClient).FullName);
        try
        {
            await connection.Redialling.ExecuteAsync(static (state, token) => state.Hold.ServeAsync(state.Outage, token), (Hold: this, Outage: outage), _over.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_over.IsCancellationRequested)
        {
            // The client is disposed.
        }
#pragma warning disable CA1031 // Whatever it is, the callers must hear of it, or would wait for ever.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            end = CallErrors.Explain(exception, connection.Endpoint.Text);
        }

        lock (_gate)
        {
            _isRunning = false;
            _held.DisposeFinished();
        }

        _held.Fail(end);
    }

    // Ends with an exception only.
    private async ValueTask ServeAsync(JobOutage outage, CancellationToken cancellationToken)
    {
        var hasBegun = false;
        try
        {
            outage.Try();
            _held.Rewind();
            using var call = broadcasts.Hold(connection.Headers, cancellationToken: cancellationToken);
            var answer = call.ResponseStream.MoveNext(cancellationToken);
            var change = _changes.Reader.ReadAsync(cancellationToken).AsTask();
            while (true)
            {
                _held.DisposeFinished();
                var (hold, release) = _held.Next();
                if (hold.Count + release.Count > 0)
                {
                    var reply = await AskAsync(call, answer, hold, release, cancellationToken).ConfigureAwait(false);
                    answer = call.ResponseStream.MoveNext(cancellationToken);
                    if (!hasBegun)
                    {
                        hasBegun = true;
                        outage.BeginRun(answered: 0);
                    }

                    await UploadAsync(hold, reply, cancellationToken).ConfigureAwait(false);
                    _held.Told(hold, release);
                }
                else if (await Task.WhenAny(answer, change).ConfigureAwait(false) == change)
                {
                    await change.ConfigureAwait(false);
                    change = _changes.Reader.ReadAsync(cancellationToken).AsTask();
                }
                else
                {
                    // It answers nothing that it was not asked.
                    await answer.ConfigureAwait(false);
                    throw Ended();
                }
            }
        }
        catch (Exception exception) when (ConnectionBreak.Is(exception) && !cancellationToken.IsCancellationRequested)
        {
            if (hasBegun)
            {
                outage.EndRun(answered: 0);
            }

            if (outage.IsOver)
            {
                // Those who wait hear of it. What was broadcast before is still wanted: dialling goes on.
                _held.Fail(CallErrors.GaveUp(connection.Endpoint.Text, outage.Lasted, outage.Attempts, exception));
            }

            throw new ConnectionBrokenException(exception);
        }
    }

    private static async Task<HoldReply> AskAsync(
        AsyncDuplexStreamingCall<HoldRequest, HoldReply> call, Task<bool> answer, IReadOnlyList<BroadcastFile> hold, IReadOnlyList<ByteString> release, CancellationToken cancellationToken)
    {
        var request = new HoldRequest { Release = { release } };
        request.Hold.AddRange(hold.Select(static content => content.File));
        await call.RequestStream.WriteAsync(request, cancellationToken).ConfigureAwait(false);
        return await answer.ConfigureAwait(false) ? call.ResponseStream.Current : throw Ended();
    }

    // One by one, so that one that the coordinator does not take is no obstacle to the others.
    private async Task UploadAsync(IReadOnlyList<BroadcastFile> hold, HoldReply reply, CancellationToken cancellationToken)
    {
        foreach (var content in hold.Where(content => reply.Missing.Any(file => file.Sha256 == content.File.Sha256)))
        {
            try
            {
                using var call = broadcasts.Upload(connection.Headers, cancellationToken: cancellationToken);
                await FileSending.SendAsync(call.RequestStream, content.File, content.Content, cancellationToken).ConfigureAwait(false);
                await call.RequestStream.CompleteAsync().ConfigureAwait(false);
                await call.ResponseAsync.ConfigureAwait(false);
            }
            catch (RpcException exception) when (exception.StatusCode is StatusCode.InvalidArgument or StatusCode.ResourceExhausted)
            {
                Refuse(content, exception.Status.Detail, exception);
            }
            catch (FileReadException exception)
            {
                Refuse(content, $"Its temporary file cannot be read: {exception.Message}", exception);
            }
        }
    }

    // One that was there before, and went with another coordinator, has nobody left who waits: tasks that need it will say so too.
    private void Refuse(BroadcastFile content, string reason, Exception exception)
    {
        JobLog.BroadcastRefused(connection.Logger, content.File.Name, reason);
        _held.Fail(new ClusterException($"A {content.File.Name} cannot be broadcast: {reason}", isTransient: false, exception), content);
    }

    private static RpcException Ended() => new(new Status(StatusCode.Unavailable, "The coordinator ended the call that keeps broadcasts."));
}
