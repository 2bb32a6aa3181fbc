using System.Diagnostics.CodeAnalysis;
using Cluster.Protocol.V1;

namespace Cluster.Node.Workers.Objects;

/// <summary>What waits to be written to a worker, in its order.</summary>
internal sealed class ReplyQueue
{
    // As the coordinator makes them.
    private const long MessageBytes = 1 << 20;

    private readonly Lock _gate = new();
    private readonly Queue<(ObjectReplies? Message, ObjectReply? Reply, long Bytes)> _waiting = new();
    private TaskCompletionSource? _room;

    /// <summary>The bytes of what waits.</summary>
    public long Bytes { get; private set; }

    /// <summary>Adds a message as it is.</summary>
    public void Add(ObjectReplies message) => Add((message, null, message.CalculateSize()));

    /// <summary>Adds a reply, which goes out together with others.</summary>
    public void Add(ObjectReply reply, long bytes) => Add((null, reply, bytes));

    /// <summary>Takes the next message.</summary>
    public bool TryTake([NotNullWhen(true)] out ObjectReplies? message)
    {
        TaskCompletionSource? room = null;
        lock (_gate)
        {
            message = null;
            for (long bytes = 0; _waiting.TryPeek(out var next) && (message is null || (next.Reply is not null && bytes + next.Bytes <= MessageBytes));)
            {
                _waiting.Dequeue();
                (bytes, Bytes) = (bytes + next.Bytes, Bytes - next.Bytes);
                if (next.Message is not null)
                {
                    message = next.Message;
                    break;
                }

                message ??= new ObjectReplies();
                message.Replies.Add(next.Reply);
            }

            if (Bytes <= MessageBytes)
            {
                (room, _room) = (_room, null);
            }
        }

        room?.TrySetResult();
        return message is not null;
    }

    /// <summary>Done when there is room for more that can wait.</summary>
    public Task WaitForRoomAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (Bytes <= MessageBytes)
            {
                return Task.CompletedTask;
            }

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task.WaitAsync(cancellationToken);
        }
    }

    private void Add((ObjectReplies? Message, ObjectReply? Reply, long Bytes) item)
    {
        lock (_gate)
        {
            _waiting.Enqueue(item);
            Bytes += item.Bytes;
        }
    }
}
