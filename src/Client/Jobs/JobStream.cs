using System.Diagnostics.CodeAnalysis;
using Cluster.Client.Connection;
using Cluster.Client.Exceptions;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Client.Jobs;

/// <summary>
/// One call of Jobs.Run, from its spec to its end: opens it, lets the writer send inputs, and hands answers on. It always ends, and tells
/// the results why.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "It disposes its timer when it ends, which it always does; the token source owns none.")]
internal sealed class JobStream
{
    // A cancelled job is told so by message; a coordinator that does not end it in this time loses the call.
    private static readonly TimeSpan CancelPatience = TimeSpan.FromSeconds(5);

    private readonly ClusterConnection _connection;
    private readonly JobRequest _request;
    private readonly IJobResults _results;
    private readonly JobFlow _flow;
    private readonly JobEvents _events;
    private readonly JobWriter _writer;
    private readonly ResultGrouper _grouper = new();
    private readonly JobProgressTracker _progress;
    private readonly CancellationTokenSource _abort = new();
    private readonly TaskCompletionSource _cancelRequest = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private ITimer? _patience;
    private bool _accepted;
    private bool _cancelled;
    private bool _ended;

    public JobStream(ClusterConnection connection, JobRequest request, IJobInputs inputs, IJobResults results, JobFlow flow)
    {
        _connection = connection;
        _request = request;
        _results = results;
        _flow = flow;
        _events = new JobEvents(request.OnOutput, request.OnProgress, connection.Logger);
        _progress = new JobProgressTracker(request.Total, connection.TimeProvider);
        _writer = new JobWriter(inputs, flow, Fault);
    }

    /// <summary>The coordinator's name for the job; empty before it has one.</summary>
    public string JobId { get; private set; } = "";

    /// <summary>Completes when the call is over, some time after the results were told of the end; never fails.</summary>
    public Task Closed { get; private set; } = Task.CompletedTask;

    /// <summary>Completes when the call is over and the user's handlers have got everything; never fails.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>Opens the job. What happens to it from now on, the results are told.</summary>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public void Start() => ObjectDisposedException.ThrowIf(!TryStart(), typeof(ClusterClient));

    /// <summary>Opens the job unless the client is disposed: then nothing has begun, and the results hear nothing.</summary>
    public bool TryStart()
    {
        if (!_connection.TryAdd(this))
        {
            return false;
        }

        var call = CallAsync();
        Closed = call;
        Completion = FinishAsync(call);
        return true;
    }

    /// <inheritdoc cref="JobWriter.Wake"/>
    public void Wake(bool onThisThread = false) => _writer.Wake(onThisThread);

    /// <inheritdoc cref="JobWriter.CancelItem"/>
    public void CancelItem(long index, bool force) => _writer.CancelItem(index, force);

    /// <summary>Cancels the job; does not wait for its end. Never throws: it runs in callbacks of the user's tokens.</summary>
    public void Cancel()
    {
        bool accepted;
        lock (_gate)
        {
            if (_cancelled || _ended)
            {
                return;
            }

            _cancelled = true;
            accepted = _accepted;
            if (accepted)
            {
                _patience = _connection.TimeProvider.CreateTimer(_ => Abort(), null, CancelPatience, Timeout.InfiniteTimeSpan);
            }
        }

        _cancelRequest.TrySetResult();
        if (accepted)
        {
            _writer.CancelJob();
        }
        else
        {
            // There is nobody to tell yet.
            Abort();
        }
    }

    /// <summary>Gives the call up, whatever the coordinator or a handler is doing.</summary>
    public void Abort() => _abort.Cancel();

    /// <summary>Gives the job up because of something on this side.</summary>
    public void Fault(Exception exception)
    {
        _results.End(exception is Protocol.Batches.ItemEncodeException encoding
            ? new ClusterException(encoding.Message, isTransient: false, encoding.InnerException)
            : exception);
        Cancel();
    }

    private async Task FinishAsync(Task<Task> call)
    {
        var delivery = await call.ConfigureAwait(false);
        await delivery.ConfigureAwait(false);
        _connection.Remove(this);
    }

    // Returns the delivery of what the user's handlers have not got yet.
    private async Task<Task> CallAsync()
    {
        Task delivery;
        try
        {
            using var call = await OpenAsync().ConfigureAwait(false);
            var end = await ReceiveAsync(call).ConfigureAwait(false);

            // That is the verdict: all results are here, whatever becomes of the call.
            delivery = await EndAsync(end.Error is null ? null : RemoteErrors.ForJob(end.Error, JobId)).ConfigureAwait(false);
            await HangUpAsync(call).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is RpcException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            delivery = await EndAsync(Explain(exception)).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever it is, the caller must hear of it, or would wait for ever.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            delivery = await EndAsync(exception).ConfigureAwait(false);
        }

        lock (_gate)
        {
            _ended = true;
            _patience?.Dispose();
        }

        return delivery;
    }

    // Tells the results. Who has all of them waits for the user's handlers as well, unless they give up; who has not does not.
    private async Task<Task> EndAsync(Exception? error)
    {
        var delivery = _events.CompleteAsync(_progress.Latest());
        if (error is null)
        {
            await Task.WhenAny(delivery, _cancelRequest.Task).ConfigureAwait(false);
        }

        JobLog.Ended(_connection.Logger, JobId, error?.Message ?? "every item was answered");
        _results.End(error);
        return delivery;
    }

    // A call that is left before its status has come is reset, which the coordinator would take for a client that is lost.
    private async Task HangUpAsync(AsyncDuplexStreamingCall<RunRequest, RunReply> call)
    {
        try
        {
            while (await call.ResponseStream.MoveNext(_abort.Token).ConfigureAwait(false))
            {
                // Nothing that comes after the end changes anything.
            }
        }
        catch (Exception exception) when (exception is RpcException or OperationCanceledException or IOException)
        {
            JobLog.HungUp(_connection.Logger, exception, JobId);
        }
    }

    private async Task<AsyncDuplexStreamingCall<RunRequest, RunReply>> OpenAsync()
    {
        await _connection.Code.EnsureAsync(_request.Code, _abort.Token).ConfigureAwait(false);
        try
        {
            return await OpenOnceAsync().ConfigureAwait(false);
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.FailedPrecondition && _connection.Code.Forget(_request.Code))
        {
            // The coordinator has lost code that it had, as one that was restarted elsewhere has. Nothing has been sent yet.
            JobLog.CodeForgotten(_connection.Logger);
            await _connection.Code.EnsureAsync(_request.Code, _abort.Token).ConfigureAwait(false);
            return await OpenOnceAsync().ConfigureAwait(false);
        }
    }

    private async Task<AsyncDuplexStreamingCall<RunRequest, RunReply>> OpenOnceAsync()
    {
        var call = _connection.Jobs.Run(_connection.Headers, cancellationToken: _abort.Token);
        try
        {
            await WriteSpecAsync(call).ConfigureAwait(false);
            if (!await call.ResponseStream.MoveNext(_abort.Token).ConfigureAwait(false) || call.ResponseStream.Current.Accepted is not { } accepted)
            {
                throw new ClusterException(
                    $"The coordinator at {_connection.Endpoint.Text} answered a job without accepting it. Is it of another version?", isTransient: false);
            }

            JobId = accepted.JobId;
            _flow.Accept((long)accepted.MaxBytesInFlight, accepted.MaxItemsInFlight is > 0 and <= long.MaxValue ? (long)accepted.MaxItemsInFlight : long.MaxValue);
            lock (_gate)
            {
                _accepted = true;
            }

            _writer.Open(call.RequestStream);
            return call;
        }
        catch
        {
            call.Dispose();
            throw;
        }
    }

    private async Task WriteSpecAsync(AsyncDuplexStreamingCall<RunRequest, RunReply> call)
    {
        try
        {
            await call.RequestStream.WriteAsync(new RunRequest { Open = _request.Spec }).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException)
        {
            // The call ended before it had begun; reading tells its status.
            JobLog.WriteFailed(_connection.Logger, exception, JobId);
        }
    }

    private async Task<JobEnd> ReceiveAsync(AsyncDuplexStreamingCall<RunRequest, RunReply> call)
    {
        var replies = call.ResponseStream;
        while (await replies.MoveNext(_abort.Token).ConfigureAwait(false))
        {
            var reply = replies.Current;
            switch (reply.ReplyCase)
            {
                case RunReply.ReplyOneofCase.Results:
                    Receive(reply.Results);
                    await _results.WaitForReaderAsync(_abort.Token).ConfigureAwait(false);
                    break;
                case RunReply.ReplyOneofCase.Started:
                    _results.Start((long)reply.Started.First, (long)reply.Started.Count, reply.Started.Node);
                    break;
                case RunReply.ReplyOneofCase.Output:
                    await _events.WriteAsync(JobOutput.Lines(reply.Output), _abort.Token).ConfigureAwait(false);
                    break;
                case RunReply.ReplyOneofCase.Progress:
                    _flow.ServeSlots((int)reply.Progress.Slots);
                    _events.Report(_progress.Update(reply.Progress));
                    break;
                case RunReply.ReplyOneofCase.End:
                    _writer.Close();
                    return reply.End;
            }
        }

        throw new ClusterUnavailableException(
            $"The coordinator at {_connection.Endpoint.Text} closed job {JobId} without ending it. Try again; its log may say why.", isTransient: true);
    }

    private void Receive(Results results)
    {
        var facts = new RunFacts(results.Node, Mean(results));
        foreach (var batch in results.Batches)
        {
            if (_grouper.TryComplete(batch, out var entry))
            {
                Settle(entry.Value.First, entry.Value.Count, entry.Value.Bytes);
                _results.Add(entry.Value, facts);
                _progress.Succeed(entry.Value.Count);
            }
        }

        foreach (var failure in results.Failures)
        {
            Settle((long)failure.Index, 1, 0);
            _results.Fail(failure, facts);
            _progress.Fail();
        }

        _writer.Wake();
    }

    private void Settle(long first, long count, long bytes)
    {
        if (!_flow.Answer(first, count, bytes))
        {
            throw new ClusterException(
                $"The coordinator answered items {first} to {first + count - 1} of job {JobId}, which were not sent. This is a fault of the cluster.",
                isTransient: false);
        }
    }

    private static TimeSpan Mean(Results results)
    {
        var items = results.Failures.Count;
        foreach (var batch in results.Batches)
        {
            items += (int)batch.Count;
        }

        return results.Busy is { } busy && items > 0 ? busy.ToTimeSpan() / items : TimeSpan.Zero;
    }

    private Exception Explain(Exception exception)
    {
        if (_writer.Failure is { } failure)
        {
            JobLog.WriteFailed(_connection.Logger, failure, JobId);
        }

        if (_cancelled)
        {
            return new OperationCanceledException($"Job {JobId} was cancelled.", exception);
        }

        return exception switch
        {
            RpcException status => CallErrors.Explain(status, _connection.Endpoint.Text),
            ObjectDisposedException => exception,
            _ => new ClusterUnavailableException(
                $"The connection to the coordinator at {_connection.Endpoint.Text} broke: {exception.Message}", isTransient: true, exception),
        };
    }
}
