using Grpc.Core;

namespace Cluster.Unit.Coordinator.Jobs;

/// <summary>A stream whose writes end when the test says so.</summary>
internal sealed class GatedStream<T> : IServerStreamWriter<T>
{
    private TaskCompletionSource? _gate;

    public WriteOptions? WriteOptions { get; set; }

    /// <summary>What was written, and whether it was to be flushed.</summary>
    public List<(T Message, bool Flushed)> Written { get; } = [];

    /// <summary>Writes wait from now on.</summary>
    public void Close() => _gate ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets all writes through; on this thread, so that they are over when this returns.</summary>
    public void Open()
    {
        // Without RunContinuationsAsynchronously a test would race; the gate is its own.
        var gate = _gate;
        _gate = null;
        gate?.SetResult();
    }

    /// <summary>The write that waits fails.</summary>
    public void Break(Exception exception) => _gate!.SetException(exception);

    public async Task WriteAsync(T message)
    {
        Written.Add((message, WriteOptions?.Flags.HasFlag(WriteFlags.BufferHint) != true));
        if (_gate is { } gate)
        {
            await gate.Task;
        }
    }
}
