using Grpc.Core;

namespace Cluster.Simulation.Wire;

/// <summary>The reading end of a stream. Who waits for a message goes on with it at once, on the thread that brings it.</summary>
internal sealed class PushReader<T> : IAsyncStreamReader<T>
{
    private readonly Queue<T> _messages = new();
    private TaskCompletionSource<bool>? _waiting;
    private bool _isOver;

    public T Current { get; private set; } = default!;

    public Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (_messages.TryDequeue(out T? message))
        {
            Current = message;
            return Task.FromResult(true);
        }

        if (_isOver)
        {
            return Broken<bool>();
        }

        // Continuations run in place: that is what makes a seed run the same way every time.
        _waiting = new TaskCompletionSource<bool>();
        return _waiting.Task;
    }

    public void Push(T message)
    {
        if (_waiting is { } waiting)
        {
            _waiting = null;
            Current = message;
            waiting.SetResult(true);
        }
        else if (!_isOver)
        {
            _messages.Enqueue(message);
        }
    }

    /// <summary>The connection is gone.</summary>
    public void Break()
    {
        _isOver = true;
        TaskCompletionSource<bool>? waiting = _waiting;
        _waiting = null;
        waiting?.SetException(new RpcException(new Status(StatusCode.Unavailable, "The connection broke.")));
    }

    private static Task<TResult> Broken<TResult>() => Task.FromException<TResult>(new RpcException(new Status(StatusCode.Unavailable, "The connection broke.")));
}
