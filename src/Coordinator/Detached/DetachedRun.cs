using Cluster.Coordinator.AdHoc;
using Cluster.Coordinator.Detached.Programs;
using Cluster.Coordinator.Dispatch;
using Cluster.Coordinator.Functions.Registered;
using Cluster.Coordinator.Hosting;
using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.Lambdas;
using Cluster.Coordinator.Telemetry;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Cluster.Coordinator.Detached;

/// <summary>Runs detached jobs: the same jobs as programs have, fed from their file, with the answers going to another. What has an answer there is left out.</summary>
internal sealed class DetachedRun(
    JobFiles files, LambdaCompiler lambdas, DetachedRoom room, JobAdmission admission, SchedulerLoop loop, StreamShutdown shutdown, CoordinatorMetrics metrics, TimeProvider time,
    ILogger<DetachedRun> logger)
{
    // Nobody waits in front of a screen.
    private static readonly TimeSpan NoNodesTimeout = TimeSpan.FromDays(3650);

    /// <summary>Runs a job until it has ended, or the coordinator does. Never fails.</summary>
    public async Task RunAsync(DetachedJob job)
    {
        try
        {
            if (await RunToEndAsync(job) is { } end)
            {
                DetachedLog.Ended(logger, job.Id, end.State, end.Error?.Message ?? "");
                job.Finish(end);
            }
        }
#pragma warning disable CA1031 // Whatever it is, those who wait for the job hear of it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            // It has no end on the disk: the next coordinator tries again.
            DetachedLog.Broke(logger, exception, job.Id);
            job.Finish(EndOf(JobStatus.Failed, new ErrorInfo
            {
                Kind = ErrorKind.Internal,
                Message = $"The coordinator cannot go on with the job: {exception.Message} It will try again when it is started again.",
            }));
        }
    }

    private async Task<DetachedEnd?> RunToEndAsync(DetachedJob job)
    {
        var record = await Task.Run(() => files.Read(job.Id));
        using var log = files.OpenResults(job.Id);
        var answered = job.Start();
        await Task.Run(() => log.ReadAll(job.Apply));
        var end = await EndAsync(job, record, log, answered);
        if (end is not null)
        {
            var entry = new DetachedJobEntry { End = end };
            room.Add(job, ResultLog.SizeOf(entry));
            log.Append(entry);
            await Task.Run(log.Sync);
        }

        return end;
    }

    /// <returns>How it ended; null: it goes on when the coordinator is back.</returns>
    private async Task<DetachedEnd?> EndAsync(DetachedJob job, DetachedJobRecord record, ResultLog log, AnswerTable answered)
    {
        try
        {
            if (record.Request.OnError == OnError.Stop && job.Describe().Failed > 0)
            {
                return EndOf(JobStatus.Failed, Stopped());
            }

            var error = record.Spec is null ? await RunJobAsync(job, record, log, answered) : await RunProgramAsync(job, record, log, answered);
            return error is null && !(record.Request.OnError == OnError.Stop && job.Describe().Failed > 0) ? EndOf(JobStatus.Done, null)
                : error is null ? EndOf(JobStatus.Failed, Stopped())
                : record.Request.OnError == OnError.Stop && error.Kind == ErrorKind.Cancelled ? EndOf(JobStatus.Failed, Stopped())
                : EndOf(JobStatus.Failed, error);
        }
        catch (OperationCanceledException) when (job.Cancelled.IsCancellationRequested)
        {
            return EndOf(JobStatus.Cancelled, new ErrorInfo { Kind = ErrorKind.Cancelled, Message = "The job was cancelled." });
        }
        catch (RpcException) when (shutdown.HasBegun)
        {
            return null;
        }
        catch (RpcException refused)
        {
            var kind = refused.StatusCode switch { StatusCode.FailedPrecondition => ErrorKind.Code, StatusCode.ResourceExhausted => ErrorKind.Internal, _ => ErrorKind.Protocol };
            return EndOf(JobStatus.Failed, new ErrorInfo { Kind = kind, Message = refused.Status.Detail });
        }
    }

    private async Task<ErrorInfo?> RunJobAsync(DetachedJob job, DetachedJobRecord record, ResultLog log, AnswerTable answered)
    {
        var name = record.Request.Function.Length > 0 ? record.Request.Function : record.Description.Name;
        var function = new NamedFunction(name, record.Description, record.Function);
        var spec = AdHocSpec.Create(record.Request, function);
        (spec.Key, spec.WantProgress, spec.Traceparent) = (record.Key, true, record.Traceparent);
        if (!record.Lambda.IsEmpty)
        {
            await lambdas.RestoreAsync(record.Request.Csharp, record.Function, record.Description, record.Lambda.Memory, job.Cancelled);
        }

        spec.NoNodesTimeout ??= NoNodesTimeout.ToDuration();
        await admission.RefuseAsync(spec, job.Cancelled);
        var answers = new DetachedAnswers(job, new AnswerFile(job, log, room), new ItemResults(function.Signature));
        var session = admission.Create(spec, answers, (ulong)string.GetHashCode(job.Id, StringComparison.Ordinal), job.Id);
        await using var opened = admission.Open(session, $"submission {job.Id}", job.Cancelled);
        try
        {
            Feed(new JobFeed(session, loop, metrics), record.Request, spec.Arguments == Arguments.None, answered);
            await opened.WaitForEndAsync();
            return answers.JobError;
        }
        catch
        {
            loop.Abandon(session);
            throw;
        }
    }

    private async Task<ErrorInfo?> RunProgramAsync(DetachedJob job, DetachedJobRecord record, ResultLog log, AnswerTable answered)
    {
        var spec = new JobSpec(record.Spec) { Detach = null, WantProgress = true, WantOutput = false, WantStarted = false, ExpectedCount = record.Items };
        spec.NoNodesTimeout ??= NoNodesTimeout.ToDuration();
        await admission.RefuseAsync(spec, job.Cancelled);
        var answers = new BatchAnswers(job, new AnswerFile(job, log, room));
        var session = admission.Create(spec, answers, (ulong)string.GetHashCode(job.Id, StringComparison.Ordinal), job.Id);
        await using var opened = admission.Open(session, $"submission {job.Id}", job.Cancelled);
        using var items = files.OpenItems(job.Id);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(job.Cancelled);
        var feed = new ItemFeed(session, new JobFeed(session, loop, metrics, isLocal: true), answered);
        var feeding = Task.Run(() => feed.RunAsync(items, stop.Token));
        try
        {
            var ended = opened.WaitForEndAsync();
            if (await Task.WhenAny(feeding, ended) == feeding)
            {
                await feeding;
            }

            await ended;
            return answers.JobError;
        }
        catch
        {
            loop.Abandon(session);
            throw;
        }
        finally
        {
            // It reads a file that is closed now.
            await stop.CancelAsync();
            await feeding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static void Feed(JobFeed feed, MapRequest request, bool alwaysNull, AnswerTable answered)
    {
        foreach (var (items, hasAnswer) in answered.Ranges())
        {
            if (hasAnswer)
            {
                AdHocCalls.Accept(feed.Skip(items));
                continue;
            }

            foreach (var batch in AdHocItems.Encode(request.Items, alwaysNull, items))
            {
                AdHocCalls.Accept(feed.Add(batch));
            }
        }

        AdHocCalls.Accept(feed.End(null));
    }

    private static ErrorInfo Stopped() => new() { Kind = ErrorKind.Cancelled, Message = "An item failed, and the job stops at its first failure." };

    private DetachedEnd EndOf(JobStatus state, ErrorInfo? error) => new() { At = time.GetUtcNow().ToTimestamp(), State = state, Error = error };
}
