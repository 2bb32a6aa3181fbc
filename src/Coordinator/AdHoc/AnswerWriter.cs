using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Coordinator.AdHoc;

/// <summary>Takes the replies of a job in the place of a client's stream, and passes on what became of its items. The job's outbox calls it, one reply at a time.</summary>
internal abstract class AnswerWriter : IAsyncStreamWriter<RunReply>
{
    private readonly AnswerDecoder _decoder = new();

    public WriteOptions? WriteOptions { get; set; }

    /// <summary>Why the job ended early, once it has; null: it did not.</summary>
    public ErrorInfo? JobError { get; private set; }

    public Task WriteAsync(RunReply message)
    {
        if (message.Progress is { } progress)
        {
            Take(progress);
        }

        JobError = message.End?.Error ?? JobError;
        return message.Results is { } results ? TakeAsync(_decoder.Decode(results)) : Task.CompletedTask;
    }

    /// <summary>Takes a snapshot of the job, where its spec wants some.</summary>
    protected virtual void Take(Progress progress)
    {
    }

    /// <summary>Takes answers. Each item's come once.</summary>
    /// <exception cref="RpcException">The call has to end with this status.</exception>
    protected abstract Task TakeAsync(IEnumerable<Answer> answers);
}
