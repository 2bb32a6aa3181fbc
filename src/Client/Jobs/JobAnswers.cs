using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Client.Jobs;

/// <summary>Takes what the coordinator says about a job, settles it with the window, and hands it on. Outlives the runs of the job.</summary>
/// <param name="results">Gets results and failures.</param>
/// <param name="flow">The window that they open.</param>
/// <param name="script">Told what is answered.</param>
/// <param name="wake">There may be more to say.</param>
/// <param name="events">Gets output and progress.</param>
/// <param name="progress">Counts.</param>
internal sealed class JobAnswers(IJobResults results, JobFlow flow, JobScript script, Action wake, JobEvents events, JobProgressTracker progress)
{
    private ResultGrouper _grouper = new();

    /// <summary>Items answered, in all runs.</summary>
    public long Count { get; private set; }

    /// <summary>Another run of the job begins: what has come in part comes again from its beginning.</summary>
    public void Restart() => _grouper = new ResultGrouper();

    /// <summary>Takes everything up to the end of the job.</summary>
    /// <returns>The end; null if the call ended without.</returns>
    /// <exception cref="RpcException">The call broke.</exception>
    /// <exception cref="ClusterException">The coordinator answered what it was not asked.</exception>
    public async Task<JobEnd?> ReceiveAsync(IAsyncStreamReader<RunReply> replies, string jobId, CancellationToken cancellationToken)
    {
        while (await replies.MoveNext(cancellationToken).ConfigureAwait(false))
        {
            var reply = replies.Current;
            switch (reply.ReplyCase)
            {
                case RunReply.ReplyOneofCase.Results:
                    Receive(reply.Results, jobId);
                    await results.WaitForReaderAsync(cancellationToken).ConfigureAwait(false);
                    break;
                case RunReply.ReplyOneofCase.Started:
                    results.Start((long)reply.Started.First, (long)reply.Started.Count, reply.Started.Node, reply.Started.WorkerPid);
                    break;
                case RunReply.ReplyOneofCase.Output:
                    await events.WriteAsync(JobOutput.Lines(reply.Output), cancellationToken).ConfigureAwait(false);
                    break;
                case RunReply.ReplyOneofCase.Progress:
                    flow.ServeSlots((int)reply.Progress.Slots);
                    events.Report(progress.Update(reply.Progress));
                    break;
                case RunReply.ReplyOneofCase.End:
                    return reply.End;
            }
        }

        return null;
    }

    private void Receive(Results answers, string jobId)
    {
        var facts = new RunFacts(answers.Node, Mean(answers));
        foreach (var batch in answers.Batches)
        {
            if (_grouper.TryComplete(batch, out var entry))
            {
                Settle(entry.Value.First, entry.Value.Count, entry.Value.Bytes, jobId);
                results.Add(entry.Value, facts);
                progress.Succeed(entry.Value.Count);
            }
        }

        foreach (var failure in answers.Failures)
        {
            Settle((long)failure.Index, 1, 0, jobId);
            results.Fail(failure, facts);
            progress.Fail();
        }

        wake();
    }

    private void Settle(long first, long count, long bytes, string jobId)
    {
        if (!flow.Answer(first, count, bytes))
        {
            throw new ClusterException(
                $"The coordinator answered items {first} to {first + count - 1} of job {jobId}, which were not sent, or answered before. This is a fault of the cluster.",
                isTransient: false);
        }

        script.Answered(first, count);
        Count += count;
    }

    private static TimeSpan Mean(Results answers)
    {
        var items = answers.Failures.Count;
        foreach (var batch in answers.Batches)
        {
            items += (int)batch.Count;
        }

        return answers.Busy is { } busy && items > 0 ? busy.ToTimeSpan() / items : TimeSpan.Zero;
    }
}
