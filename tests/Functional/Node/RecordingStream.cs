using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Functional.Node;

/// <summary>Stands where the coordinator's end of the session would be: keeps what the node says, and lets tests wait for it.</summary>
internal sealed class RecordingStream : IClientStreamWriter<NodeMessage>
{
    private readonly Lock _gate = new();
    private readonly List<NodeMessage> _messages = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WriteOptions? WriteOptions { get; set; }

    /// <summary>Set to hold up every write, as a slow network would.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public async Task WriteAsync(NodeMessage message)
    {
        await Gate;
        lock (_gate)
        {
            _messages.Add(message);
            _changed.TrySetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public Task CompleteAsync() => Task.CompletedTask;

    /// <summary>Everything so far.</summary>
    public NodeMessage[] Messages
    {
        get
        {
            lock (_gate)
            {
                return [.. _messages];
            }
        }
    }

    /// <summary>Waits until what was said satisfies a condition.</summary>
    public async Task<NodeMessage[]> WaitAsync(Func<NodeMessage[], bool> condition, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            NodeMessage[] messages;
            lock (_gate)
            {
                messages = [.. _messages];
                changed = _changed.Task;
            }

            if (condition(messages))
            {
                return messages;
            }

            await changed.WaitAsync(TimeSpan.FromSeconds(20), cancellationToken);
        }
    }
}
