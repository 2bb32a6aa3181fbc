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
[SuppressMessage("Design", "CA1001", Justification = "It disposes what it owns when it ends, which it always does.")]
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
    private readonly CancellationTokenSource _abort;
    private readonly CancellationToken _aborted;
    private readonly Lock _gate = new();
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
        _abort = new CancellationTokenSource(Timeout.InfiniteTimeSpan, connection.TimeProvider);
        _aborted = _abort.Token;
    }

    /// <summary>The coordinator's name for the job; empty before it has one.</summary>
    public string JobId { get; private set; } = "";

    /// <summary>Completes when the job is over and nothing of it is left; never fails.</summary>
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

        Completion = RunAsync();
        return true;
    }

    /// <inheritdoc cref="JobWriter.Wake"/>
    public void Wake(bool onThisThread = false) => _writer.Wake(onThisThread);

    /// <inheritdoc cref="JobWriter.CancelItem"/>
    public void CancelItem(long index, bool force) => _writer.CancelItem(index, force);

    /// <summary>Cancels the job; does not wait for its end.</summary>
    public void Cancel()
    {
        lock (_gate)
        {
            if (_cancelled || _ended)
            {
                return;
            }

            _cancelled = true;
            if (_accepted)
            {
                _writer.CancelJob();
                _abort.CancelAfter(CancelPatience);
                return;
            }
        }

        // Before the job is accepted there is nobody to tell.
        _abort.Cancel();
    }

    /// <summary>Gives the job up because of something on this side.</summary>
    public void Fault(Exception exception)
    {
        _results.End(exception is Protocol.Batches.ItemEncodeException encoding
            ? new ClusterException(encoding.Message, isTransient: false, encoding.InnerException)
            : exception);
        Cancel();
    }

    private async Task RunAsync()
    {
        Exception? error;
        try
        {
            using var call = await OpenAsync().ConfigureAwait(false);
            error = await ReceiveAsync(call).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is RpcException or OperationCanceledException or IOException)
        {
            error = Explain(exception);
        }
#pragma warning disable CA1031 // Whatever it is, the caller must hear of it, or would wait for ever.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            error = exception;
        }

        await _events.CompleteAsync(_progress.Latest()).ConfigureAwait(false);
        lock (_gate)
        {
            _ended = true;
            _abort.Dispose();
        }

        JobLog.Ended(_connection.Logger, JobId, error?.Message ?? "every item was answered");
        _connection.Remove(this);
        _results.End(error);
    }

    private async Task<AsyncDuplexStreamingCall<RunRequest, RunReply>> OpenAsync()
    {
        await _connection.Code.EnsureAsync(_request.Code, _aborted).ConfigureAwait(false);
        try
        {
            return await OpenOnceAsync().ConfigureAwait(false);
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.FailedPrecondition && _connection.Code.Forget(_request.Code))
        {
            // The coordinator has lost code that it had, as one that was restarted elsewhere has. Nothing has been sent yet.
            JobLog.CodeForgotten(_connection.Logger);
            await _connection.Code.EnsureAsync(_request.Code, _aborted).ConfigureAwait(false);
            return await OpenOnceAsync().ConfigureAwait(false);
        }
    }

    private async Task<AsyncDuplexStreamingCall<RunRequest, RunReply>> OpenOnceAsync()
    {
        var call = _connection.Jobs.Run(_connection.Headers, cancellationToken: _aborted);
        try
        {
            await WriteSpecAsync(call).ConfigureAwait(false);
            if (!await call.ResponseStream.MoveNext(_aborted).ConfigureAwait(false) || call.ResponseStream.Current.Accepted is not { } accepted)
            {
                throw new ClusterException(
                    $"The coordinator at {_connection.Endpoint.Text} answered a job without accepting it. Is it of another version?", isTransient: false);
            }

            JobId = accepted.JobId;
            _flow.Accept((long)accepted.MaxBytesInFlight);
            lock (_gate)
            {
                _accepted = true;
                if (_cancelled)
                {
                    _abort.Cancel();
                }
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

    // Returns why the job ended early; null if every item was answered.
    private async Task<Exception?> ReceiveAsync(AsyncDuplexStreamingCall<RunRequest, RunReply> call)
    {
        var replies = call.ResponseStream;
        JobEnd? end = null;
        while (await replies.MoveNext(_aborted).ConfigureAwait(false))
        {
            var reply = replies.Current;
            switch (reply.ReplyCase)
            {
                case RunReply.ReplyOneofCase.Results:
                    Receive(reply.Results);
                    await _results.WaitForReaderAsync(_aborted).ConfigureAwait(false);
                    break;
                case RunReply.ReplyOneofCase.Started:
                    _results.Start((long)reply.Started.First, (long)reply.Started.Count, reply.Started.Node);
                    break;
                case RunReply.ReplyOneofCase.Output:
                    await _events.WriteAsync(JobOutput.Lines(reply.Output), _aborted).ConfigureAwait(false);
                    break;
                case RunReply.ReplyOneofCase.Progress:
                    _flow.ServeSlots((int)reply.Progress.Slots);
                    _events.Report(_progress.Update(reply.Progress));
                    break;
                case RunReply.ReplyOneofCase.End:
                    end = reply.End;
                    _writer.Close();
                    break;
            }
        }

        if (end is null)
        {
            return new ClusterUnavailableException(
                $"The coordinator at {_connection.Endpoint.Text} closed job {JobId} without ending it. Try again; its log may say why.", isTransient: true);
        }

        return end.Error is null ? null : RemoteErrors.ForJob(end.Error, JobId);
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

        return exception is RpcException status
            ? CallErrors.Explain(status, _connection.Endpoint.Text)
            : new ClusterUnavailableException(
                $"The connection to the coordinator at {_connection.Endpoint.Text} broke: {exception.Message}", isTransient: true, exception);
    }
}
