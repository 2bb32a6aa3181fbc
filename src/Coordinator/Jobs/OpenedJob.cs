using System.Diagnostics;
using Cluster.Coordinator.Dispatch;
using Cluster.Coordinator.Hosting;
using Cluster.Coordinator.Telemetry;
using Grpc.Core;

namespace Cluster.Coordinator.Jobs;

/// <summary>A job that runs for as long as the call does that it belongs to.</summary>
internal sealed class OpenedJob : IAsyncDisposable
{
    private readonly JobSession _job;
    private readonly IDisposable? _code;
    private readonly SchedulerLoop _loop;
    private readonly CancellationToken _call;
    private readonly Activity? _activity;
    private readonly CancellationTokenRegistration _stopping;
    private readonly CancellationTokenRegistration _cancelled;
    private readonly CoordinatorMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly long _begun;
    private string _outcome = "broken";

    /// <param name="job">The job.</param>
    /// <param name="code">What keeps its code there until the call is over; null: nothing has to.</param>
    /// <param name="loop">Who runs it.</param>
    /// <param name="shutdown">The end of the coordinator.</param>
    /// <param name="metrics">Counts it when it has ended.</param>
    /// <param name="time">For how long it took.</param>
    /// <param name="call">The end of the call.</param>
    public OpenedJob(JobSession job, IDisposable? code, SchedulerLoop loop, StreamShutdown shutdown, CoordinatorMetrics metrics, TimeProvider time, CancellationToken call)
    {
        (_job, _code, _loop, _call, _metrics, _time, _begun) = (job, code, loop, call, metrics, time, time.GetTimestamp());
        _activity = JobActivity.Start(job);
        loop.Open(job);
        _stopping = shutdown.Register((code, reason) => job.Abort(code, reason + " Run the job again when it is back."));
        _cancelled = call.Register(() => loop.Abandon(job));
    }

    /// <summary>Waits until the last reply was written.</summary>
    /// <exception cref="RpcException">The call has to end without the job's end.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public async Task WaitForEndAsync()
    {
        try
        {
            await Task.WhenAny(_job.Outbox.Completion, _job.Aborted);
            if (!_job.Outbox.Completion.IsCompleted)
            {
                _loop.Abandon(_job);
                throw new RpcException(await _job.Aborted);
            }

            _call.ThrowIfCancellationRequested();
            await _job.Outbox.Completion;
            _outcome = _job.Outbox.Failure is null ? "done" : "failed";
        }
        catch (Exception exception)
        {
            JobActivity.Fail(_activity, exception);
            throw;
        }
    }

    /// <summary>The call is over.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.DisposeAsync();
        await _cancelled.DisposeAsync();
        _metrics.Ended(_time.GetElapsedTime(_begun), _outcome);
        JobActivity.End(_activity, _job);
        _activity?.Dispose();
        _code?.Dispose();
    }
}
