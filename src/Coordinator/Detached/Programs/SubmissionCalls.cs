using Cluster.Coordinator.Errors;
using Cluster.Coordinator.Hosting;
using Cluster.Coordinator.Hosting.Access;
using Cluster.Coordinator.Jobs;
using Cluster.Protocol;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Coordinator.Detached.Programs;

/// <summary>Stores the jobs that programs submit: their items, each answered when it is in the file, and the job as soon as the last one is.</summary>
internal sealed class SubmissionCalls(
    Submissions submissions, DetachedJobs jobs, JobFiles files, JobAdmission admission, CoordinatorOptions options, StreamShutdown shutdown, TimeProvider time, ILogger<SubmissionCalls> logger)
{
    // Room on the disk is asked for in steps.
    private const long RoomStep = 1 << 20;

    /// <summary>Stores a job.</summary>
    /// <exception cref="RpcException">It cannot be kept, somebody else is submitting it, or the coordinator stops.</exception>
    public async Task KeepAsync(JobSpec spec, IAsyncStreamReader<RunRequest> requests, IServerStreamWriter<RunReply> replies, ServerCallContext context)
    {
        DetachmentRules.Require(spec);
        await admission.RefuseAsync(spec, context.CancellationToken);
        using var call = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        await using var stopping = shutdown.Register((_, _) => call.Cancel());
        try
        {
            if (await FindAsync(spec) is { } known)
            {
                await AcceptAsync(replies, known.Id, known: known.Id != Submission.IdOf(spec.Key));
                await replies.WriteAsync(new RunReply { End = new JobEnd() }, call.Token);
                return;
            }

            await ReceiveAsync(OnDisk(() => submissions.Join(spec, call)), spec, requests, replies, Caller.Describe(context), call);
        }
        catch (OperationCanceledException) when (!context.CancellationToken.IsCancellationRequested)
        {
            throw RichStatus.NotNow(shutdown.HasBegun ? "The coordinator is shutting down. Go on with the submission when it is back." : "Another call goes on with this submission.");
        }
    }

    // A call that broke at the end of a submission asks again for what has been taken.
    private async Task<DetachedJob?> FindAsync(JobSpec spec)
    {
        if (jobs.TryFind(Submission.IdOf(spec.Key), out var own))
        {
            return own;
        }

        if (jobs.FindRequest(spec.Detach.RequestId) is not { } known)
        {
            return null;
        }

        var record = await Task.Run(() => files.Read(known.Id));
        return record.Spec is { } former && SameRequest.Is(former, spec) ? known : throw RichStatus.Existing(
            "job", known.Id, $"`request_id` '{spec.Detach.RequestId}' is that of job {known.Id}, which was another request: another function, or other terms. Give every job an id of its own.");
    }

    private async Task ReceiveAsync(
        Submission submission, JobSpec spec, IAsyncStreamReader<RunRequest> requests, IServerStreamWriter<RunReply> replies, string peer, CancellationTokenSource call)
    {
        var entered = false;
        try
        {
            await submission.EnterAsync(call.Token);
            entered = true;
            if (submission.IsOver)
            {
                throw RichStatus.NotNow("The submission has just ended. Ask again.");
            }

            await AcceptAsync(replies, submission.Id, known: false);
            var items = new ItemSequence(spec, options.MaxItemBytes, DetachmentRules.MaxItems, submission.Stored);
            var end = await StoreAsync(submission, items, requests, replies, call.Token);
            if (end is null)
            {
                end = new JobEnd();
                await TakeAsync(submission, spec, items.Stored, peer);
            }

            submissions.Close(submission, keep: end.Error is null);
            await replies.WriteAsync(new RunReply { End = end }, call.Token);
        }
        catch (RpcException exception) when (exception.StatusCode is StatusCode.ResourceExhausted or StatusCode.InvalidArgument)
        {
            // It would be the same the next time, and nobody comes back for it.
            submissions.Close(submission, keep: false);
            throw;
        }
        catch (Exception exception)
        {
            DetachedLog.SubmissionBroke(logger, exception, submission.Id, submission.Stored);
            throw;
        }
        finally
        {
            submission.Leave(call, entered, time.GetUtcNow());
        }
    }

    /// <returns>Null: all items are stored. Otherwise why not.</returns>
    private async Task<JobEnd?> StoreAsync(
        Submission submission, ItemSequence items, IAsyncStreamReader<RunRequest> requests, IServerStreamWriter<RunReply> replies, CancellationToken cancellationToken)
    {
        var room = 0L;
        while (await requests.MoveNext(cancellationToken))
        {
            var request = requests.Current;
            string? violation;
            switch (request.RequestCase)
            {
                case RunRequest.RequestOneofCase.Inputs:
                    violation = items.Take(request.Inputs, out var store, out var complete);
                    if (violation is null && store is not null)
                    {
                        room = TakeRoom(room, store);
                        OnDisk(() => submission.Append(store));
                    }

                    if (violation is null && complete.Count > 0)
                    {
                        var stored = new Batch { First = complete.First, Count = (uint)complete.Count, Format = Format.Raw };
                        await replies.WriteAsync(new RunReply { Results = new Results { Batches = { stored } } }, cancellationToken);
                    }

                    break;
                case RunRequest.RequestOneofCase.SkipItems:
                    violation = items.Skip(new ItemRange(request.SkipItems.First, request.SkipItems.Count));
                    break;
                case RunRequest.RequestOneofCase.EndInputs:
                    violation = items.End(request.EndInputs.Count);
                    if (violation is null)
                    {
                        return null;
                    }

                    break;
                case RunRequest.RequestOneofCase.CancelJob:
                    return new JobEnd { Error = new ErrorInfo { Kind = ErrorKind.Cancelled, Message = "The submission was cancelled." } };
                default:
                    violation = $"{request.RequestCase} has no place in the submission of a job that is kept.";
                    break;
            }

            if (violation is not null)
            {
                return new JobEnd { Error = JobErrors.Protocol(violation) };
            }
        }

        throw RichStatus.BadField("end_inputs", "The requests ended without `end_inputs`: nobody knows whether all items came.");
    }

    private long TakeRoom(long room, Batch batch)
    {
        var left = room - batch.CalculateSize();
        if (left >= 0)
        {
            return left;
        }

        return jobs.HasRoom(submissions.Bytes + RoomStep) ? RoomStep : throw RichStatus.TooMuch(
            "--keep-jobs-mib", $"The jobs that have not ended take the {options.KeepJobsBytes} bytes that detached jobs may have on the disk. Wait for some, or cancel them.");
    }

    private async Task TakeAsync(Submission submission, JobSpec spec, ulong items, string peer)
    {
        await Task.Run(() => OnDisk(submission.Sync));
        var function = spec.Detach.Function.Length > 0 ? spec.Detach.Function : $"{spec.Function.Type}.{spec.Function.Method}";
        var record = new DetachedJobRecord
        {
            JobId = submission.Id,
            Request = new MapRequest { Function = function, Name = spec.Name, RequestId = spec.Detach.RequestId, OnError = spec.OnError },
            Function = spec.Function,
            Key = spec.Key,
            Spec = spec,
            Items = items,
        };
        try
        {
            await jobs.TakeAsync(record, submission.Bytes, peer);
        }
        catch (IOException exception)
        {
            throw NotWritten(exception);
        }
    }

    // A disk that refuses must not be taken for a connection that breaks, which is an IOException too.
    private static T OnDisk<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (IOException exception)
        {
            throw NotWritten(exception);
        }
    }

    private static RpcException NotWritten(IOException exception) =>
        RichStatus.TooMuch("data directory", $"The coordinator cannot write the job to its data directory, and has not taken it: {exception.Message}");

    private static void OnDisk(Action work) => OnDisk(() =>
    {
        work();
        return true;
    });

    private Task AcceptAsync(IServerStreamWriter<RunReply> replies, string id, bool known) => replies.WriteAsync(new RunReply
    {
        Accepted = new Accepted
        {
            JobId = id,
            ProtocolVersion = ProtocolVersion.Current,
            MaxBytesInFlight = (ulong)options.MaxBytesInFlight,
            MaxItemBytes = (ulong)options.MaxItemBytes,
            MaxItemsInFlight = (ulong)options.MaxItemsInFlight,
            Detached = true,
            Known = known,
        },
    });
}
