using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Cluster.Client.Connection;
using Cluster.Client.Exceptions;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Client.Jobs;

/// <summary>
/// One job, from its spec to its end: lets the writer send inputs, and hands answers on. A job whose call breaks is opened again, and goes on with what is
/// unanswered. It always ends, and tells the results why.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "It disposes its timer when it ends, which it always does; the token source owns none.")]
internal sealed class JobStream
{
    // A cancelled job is told so by message; a coordinator that does not end it in this time loses the call.
    private static readonly TimeSpan CancelPatience = TimeSpan.FromSeconds(5);

    private readonly ClusterConnection _connection;
    private readonly IJobInputs _inputs;
    private readonly IJobResults _results;
    private readonly JobFlow _flow;
    private readonly JobEvents _events;
    private readonly JobScript _script;
    private readonly JobWriter _writer;
    private readonly JobProgressTracker _progress;
    private readonly JobOpener _opener;
    private readonly JobAnswers _answers;
    private readonly JobOutage _outage;
    private readonly JobRequest _request;
    private readonly CancellationTokenSource _abort = new();
    private readonly TaskCompletionSource _cancelRequest = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private Activity? _span;
    private ITimer? _patience;
    private bool _accepted;
    private bool _cancelled;
    private bool _ended;

    public JobStream(ClusterConnection connection, JobRequest request, IJobInputs inputs, IJobResults results, JobFlow flow)
    {
        _connection = connection;
        _request = request;
        _inputs = inputs;
        _results = results;
        _flow = flow;
        _events = new JobEvents(request.OnOutput, request.OnProgress, connection.Logger);
        _progress = new JobProgressTracker(request.Total, connection.TimeProvider);
        _script = new JobScript(inputs, flow, Fault);
        _writer = new JobWriter(_script);
        _opener = new JobOpener(connection, request);
        _answers = new JobAnswers(results, flow, _script, () => _writer.Wake(), _events, _progress);
        _outage = new JobOutage(connection.TimeProvider, connection.Options.ReconnectTimeout);
    }

    /// <summary>The coordinator's name for the job; empty before it has one. A new one after a break.</summary>
    public string JobId { get; private set; } = "";

    /// <summary>Of a job that is kept: it had been submitted before.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Completes when the job is over, some time after the results were told of the end; never fails.</summary>
    public Task Closed { get; private set; } = Task.CompletedTask;

    /// <summary>Completes when the job is over and the user's handlers have got everything; never fails.</summary>
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

        _span = JobSpan.Start(_request);
        _opener.GoOnFrom(_span);
        ClientMetrics.Jobs.Add(1);
        var running = RunAsync();
        Closed = running;
        Completion = FinishAsync(running);
        return true;
    }

    /// <inheritdoc cref="JobWriter.Wake"/>
    public void Wake(bool onThisThread = false) => _writer.Wake(onThisThread);

    /// <inheritdoc cref="JobScript.CancelItem"/>
    public void CancelItem(long index, bool force)
    {
        _script.CancelItem(index, force);
        _writer.Wake();
    }

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
            _script.CancelJob();
            _writer.Wake();
        }
        else
        {
            // There is nobody to tell, not yet or not any more.
            Abort();
        }
    }

    /// <summary>Gives the job up, whatever the coordinator or a handler is doing.</summary>
    public void Abort() => _abort.Cancel();

    /// <summary>Gives the job up because of something on this side.</summary>
    public void Fault(Exception exception)
    {
        _results.End(exception is Protocol.Batches.ItemEncodeException encoding
            ? new ClusterException(encoding.Message, isTransient: false, encoding.InnerException)
            : exception);
        Cancel();
    }

    private async Task FinishAsync(Task<Task> running)
    {
        var delivery = await running.ConfigureAwait(false);
        await delivery.ConfigureAwait(false);
        _connection.Remove(this);
    }

    // Returns the delivery of what the user's handlers have not got yet.
    private async Task<Task> RunAsync()
    {
        Task? delivery = null;
        try
        {
            while (delivery is null)
            {
                delivery = await _connection.Redialling.ExecuteAsync(static (job, token) => job.TryRunAsync(token), this, _abort.Token).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (
            exception is RpcException or OperationCanceledException or IOException or ObjectDisposedException or ClusterUnavailableException or ConnectionBrokenException)
        {
            delivery = await EndAsync(Explain(exception is ConnectionBrokenException ? exception.InnerException! : exception)).ConfigureAwait(false);
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

        _flow.Close();
        ClientMetrics.Jobs.Add(-1);

        return delivery;
    }

    // Null: the run has broken, and the next one may begin at once.
    private async ValueTask<Task?> TryRunAsync(CancellationToken cancellationToken)
    {
        var accepted = false;
        try
        {
            _outage.Try();
            if (_outage.Attempts > 1)
            {
                await _connection.KnockAsync(_outage.Left, cancellationToken).ConfigureAwait(false);
            }

            using var open = await _opener.OpenAsync(again: JobId.Length > 0, cancellationToken).ConfigureAwait(false);
            accepted = true;
            Accept(open);
            return await RunOnceAsync(open.Call, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (ConnectionBreak.Is(exception))
        {
            var begins = accepted && _outage.EndRun(_answers.Count);
            if (!MayGoOn())
            {
                throw;
            }

            if (accepted && Pause(exception))
            {
                return await EndAsync(null).ConfigureAwait(false);
            }

            return begins ? null : throw new ConnectionBrokenException(exception);
        }
    }

    private void Accept(OpenJob open)
    {
        var (formerly, accepted) = (JobId, open.Accepted);
        JobId = accepted.JobId;
        IsKnown = accepted.Known;
        _flow.Accept((long)accepted.MaxBytesInFlight, accepted.MaxItemsInFlight is > 0 and <= long.MaxValue ? (long)accepted.MaxItemsInFlight : long.MaxValue);
        _answers.Restart();
        _outage.BeginRun(_answers.Count);
        lock (_gate)
        {
            _accepted = true;
        }

        if (formerly.Length > 0)
        {
            ClientMetrics.Reconnects.Add(1);
            JobLog.GoesOn(_connection.Logger, formerly, JobId);
        }

        _writer.Open(open.Call.RequestStream);
    }

    private async Task<Task> RunOnceAsync(AsyncDuplexStreamingCall<RunRequest, RunReply> call, CancellationToken cancellationToken)
    {
        var end = await _answers.ReceiveAsync(call.ResponseStream, JobId, cancellationToken).ConfigureAwait(false)
            ?? throw new ClusterUnavailableException(
                $"The coordinator at {_connection.Endpoint.Text} closed job {JobId} without ending it. Try again; its log may say why.", isTransient: true);

        // That is the verdict: all results are here, whatever becomes of the call.
        _writer.Close();
        var delivery = await EndAsync(end.Error is null ? null : RemoteErrors.ForJob(end.Error, JobId)).ConfigureAwait(false);
        await HangUpAsync(call).ConfigureAwait(false);
        return delivery;
    }

    private bool MayGoOn()
    {
        lock (_gate)
        {
            // From here on a cancellation does not wait for a coordinator.
            _accepted = false;
            return !_cancelled && !_outage.IsOver;
        }
    }

    // True: there is nothing left to go on with. Of a job that is kept, only its end says that it is.
    private bool Pause(Exception problem)
    {
        JobLog.Broken(_connection.Logger, JobId, _connection.Options.ReconnectTimeout, problem.Message);
        _results.Pause();
        if (!_opener.IsDetached && _inputs.IsEnded && _flow.IsSettled)
        {
            return true;
        }

        _events.Report(_progress.Pause($"the connection to the coordinator at {_connection.Endpoint.Text} broke; it is dialled again"));
        return false;
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
        JobSpan.End(_span, JobId, error);
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

        return _outage.Attempts > 1 && ConnectionBreak.Is(exception)
            ? CallErrors.GaveUp(_connection.Endpoint.Text, _outage.Lasted, _outage.Attempts, exception)
            : CallErrors.Explain(exception, _connection.Endpoint.Text);
    }
}
