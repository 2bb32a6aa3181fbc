using System.Text.Json.Serialization;
using Cluster.Client.Broadcasts;
using Cluster.Protocol.V1;

namespace Cluster.Client;

/// <summary>
/// A value that many tasks need: it is sent once to each node that needs it, and not with every task. <see cref="Broadcasting.BroadcastAsync{T}"/> makes one; given to tasks, as an
/// argument, in a record or captured, it gives them the value, which nobody should change.
/// </summary>
/// <remarks>
/// The workers of a node map the same file. A <see cref="ReadOnlyMemory{T}"/> of unmanaged elements is used where it is mapped: it is in the memory of the node once, however many
/// workers read it. Any other value is read from there, once by each worker that needs it and keeps it while a task has the broadcast.
/// </remarks>
/// <typeparam name="T">The value.</typeparam>
[JsonConverter(typeof(BroadcastConverter))]
public sealed class Broadcast<T> : IBroadcast, IAsyncDisposable
{
    private readonly BroadcastHold? _hold;
    private readonly BroadcastFile? _content;
    private readonly BroadcastValue<T>? _received;
    private readonly T? _value;
    private int _disposed;

    internal Broadcast(T value, BroadcastFile content, BroadcastHold hold)
    {
        (_value, _content, _hold) = (value, content, hold);
        File = content.File;
    }

    internal Broadcast(CodeFile file)
    {
        File = file;
        _received = BroadcastValue<T>.Of(file);
        TaskContext.TryKeep(_received);
    }

    /// <summary>The value. The first time in a worker it is read, and first of all sent to the node if it is not there; the call waits for that.</summary>
    /// <exception cref="ClusterException">It cannot be had: the program that made it has disposed it, or has ended.</exception>
    public T Value => _received is { } received ? received.Value : _value!;

    /// <summary>How many bytes are sent to a node.</summary>
    public long Size => (long)File.Size;

    CodeFile IBroadcast.File => File;

    private CodeFile File { get; }

    /// <summary>Not needed any more: coordinator and nodes may forget the value. In a task it does nothing, since the broadcast belongs to who made it.</summary>
    /// <returns>Completes at once; the cluster is told by and by.</returns>
    public ValueTask DisposeAsync()
    {
        if (_hold is not null && Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _hold.Release(_content!);
        }

        return ValueTask.CompletedTask;
    }
}
