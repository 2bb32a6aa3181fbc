using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Coordinator.Detached.Programs;

/// <summary>Takes the replies of a job of a program in the place of its client, and writes its answers to the job's file as they are.</summary>
/// <param name="job">The job.</param>
/// <param name="file">Its file.</param>
internal sealed class BatchAnswers(DetachedJob job, AnswerFile file) : IAsyncStreamWriter<RunReply>
{
    public WriteOptions? WriteOptions { get; set; }

    /// <summary>Why the job ended early, once it has; null: it did not.</summary>
    public ErrorInfo? JobError { get; private set; }

    public Task WriteAsync(RunReply message)
    {
        if (message.Progress is { } progress)
        {
            job.Apply(progress);
        }

        JobError = message.End?.Error ?? JobError;

        // On a thread of its own: this one may be that on which a node's heartbeats come.
        return message.Results is { } results ? Task.Run(() => file.Append(new DetachedJobEntry { Batches = results })) : Task.CompletedTask;
    }
}
