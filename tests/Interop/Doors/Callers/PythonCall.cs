using System.Text.Json;
using System.Threading.Channels;
using Grpc.Core;

namespace Cluster.Interop.Doors.Callers;

/// <summary>One call of caller.py.</summary>
/// <param name="cancel">Has it given up.</param>
internal sealed class PythonCall(Action cancel) : ForeignCall
{
    // A test reads all that comes.
    private readonly Channel<JsonElement> _replies = Channel.CreateUnbounded<JsonElement>();
    private readonly TaskCompletionSource<CallEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A line of the client's.</summary>
    public void Hear(JsonElement said)
    {
        if (said.TryGetProperty("reply", out var reply))
        {
            _replies.Writer.TryWrite(reply);
            return;
        }

        var (code, message) = (said.GetProperty("code").GetInt32(), said.GetProperty("message").GetString()!);
        _replies.Writer.TryComplete();
        _ = code < 0 ? _end.TrySetException(new InvalidOperationException($"caller.py: {message}")) : _end.TrySetResult(new CallEnd((StatusCode)code, message));
    }

    /// <summary>The client is gone.</summary>
    public void Lose()
    {
        _replies.Writer.TryComplete();
        _end.TrySetException(new InvalidOperationException("caller.py has ended."));
    }

    public override async Task<JsonElement?> ReadAsync(CancellationToken cancellationToken) =>
        await _replies.Reader.WaitToReadAsync(cancellationToken) && _replies.Reader.TryRead(out var reply) ? reply : null;

    public override Task<CallEnd> EndAsync(CancellationToken cancellationToken) => _end.Task.WaitAsync(cancellationToken);

    public override ValueTask DisposeAsync()
    {
        if (!_end.Task.IsCompleted)
        {
            cancel();
        }

        // Nobody may have asked how it ended.
        _ = _end.Task.Exception;
        return ValueTask.CompletedTask;
    }
}
