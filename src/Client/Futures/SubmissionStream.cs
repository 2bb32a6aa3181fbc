using Cluster.Client.Connection;
using Cluster.Client.Jobs;

namespace Cluster.Client.Futures;

/// <summary>A job that stays open for the tasks that are submitted with one function and one set of options: a task is an item of it.</summary>
internal abstract class SubmissionStream : IFutureOwner
{
    private readonly ClusterConnection _connection;
    private readonly SubmissionStreams _owner;

    protected SubmissionStream(ClusterConnection connection, SubmissionStreams owner, string id, object key)
    {
        _connection = connection;
        _owner = owner;
        Id = id;
        Key = key;
    }

    public string Id { get; }

    /// <summary>Under what the streams find it.</summary>
    public object Key { get; }

    public TimeProvider TimeProvider => _connection.TimeProvider;

    public Microsoft.Extensions.Logging.ILogger Logger => _connection.Logger;

    /// <summary>No task is unanswered.</summary>
    public abstract bool IsIdle { get; }

    protected abstract JobStream Stream { get; }

    public void CancelItem(long index, bool force) => Stream.CancelItem(index, force);

    /// <summary>Opens the job. Never throws: whoever starts a stream may be somebody else than those whose tasks are in it.</summary>
    public void Start()
    {
        if (Stream.TryStart())
        {
            _ = FollowAsync();
        }
        else
        {
            Abandon();
        }
    }

    /// <summary>Gives up a stream that was never started: its tasks are cancelled.</summary>
    public void Abandon()
    {
        End(new OperationCanceledException("The client was disposed."));
        _owner.Ended(this);
    }

    /// <inheritdoc cref="IJobResults.End"/>
    public abstract void End(Exception? error);

    /// <summary>Ends the stream if no task is unanswered. It takes no tasks afterwards.</summary>
    public abstract bool TryClose(bool onlyIfUnused);

    protected void Idle() => _owner.Idle(this);

    private async Task FollowAsync()
    {
        await Stream.Closed.ConfigureAwait(false);
        _owner.Ended(this);
    }
}
