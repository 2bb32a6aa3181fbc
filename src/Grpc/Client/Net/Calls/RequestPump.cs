using System.Diagnostics.CodeAnalysis;
using Grpc.Wire;

namespace Grpc.Net.Client.Calls;

/// <summary>
/// Gathers messages while a write to the connection is in flight, and writes what was gathered when that is done; nothing is ever delayed to gather more.
/// What is gathered is bounded: a writer waits for room above <see cref="GatherLimit"/>. So at most two batches are held, one in flight and one gathered.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The end of the call, or of its last write, returns the buffers.")]
internal sealed class RequestPump(CancellationToken callToken)
{
    public const int GatherLimit = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<bool> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PooledBuffer _gathered = new();
    private PooledBuffer _inFlight = new();
    private TaskCompletionSource<bool>? _room;
    private Stream? _stream;
    private bool _writing;
    private bool _completing;
    private bool _ended;

    /// <summary>Gathers what <paramref name="serialize"/> writes. The result is false when the call is over, and completes when there is room for more.</summary>
    /// <exception cref="InvalidOperationException">The stream of messages was completed, or a write waits for room.</exception>
    public Task<bool> WriteAsync<TState>(Action<PooledBuffer, TState> serialize, TState state, bool mayWait)
    {
        Task<bool> result = Task.FromResult(true);
        lock (_gate)
        {
            if (_ended)
            {
                return Task.FromResult(false);
            }

            if (_completing)
            {
                throw new InvalidOperationException("The stream of requests is complete: no message can follow.");
            }

            if (_room is not null)
            {
                throw new InvalidOperationException("The previous write is in progress: await it before the next one.");
            }

            int start = _gathered.Length;
            try
            {
                serialize(_gathered, state);
            }
            catch
            {
                _gathered.Truncate(start);
                throw;
            }

            if (_gathered.Length >= GatherLimit && (_writing || _stream is null))
            {
                _room = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
                result = _room.Task;
            }

            if (_writing || _stream is null || (mayWait && _gathered.Length < GatherLimit))
            {
                return result;
            }

            _writing = true;
        }

        _ = WriteGatheredAsync();
        return result;
    }

    /// <summary>Says that no more messages follow.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _completing = true;
            if (_ended || _writing || _stream is null)
            {
                return;
            }

            _writing = true;
        }

        _ = WriteGatheredAsync();
    }

    /// <summary>Writes to a stream until the messages are complete (true) or the call ends (false).</summary>
    public Task<bool> RunAsync(Stream stream)
    {
        lock (_gate)
        {
            _stream = stream;
            if (_ended)
            {
                return _done.Task;
            }

            _writing = true;
        }

        _ = WriteGatheredAsync();
        return _done.Task;
    }

    /// <summary>The call is over: writes fail from now on.</summary>
    public void End()
    {
        TaskCompletionSource<bool>? room;
        lock (_gate)
        {
            if (_ended)
            {
                return;
            }

            _ended = true;
            room = _room;
            _room = null;
            if (!_writing)
            {
                ReturnBuffers_NeedsLock();
            }
        }

        room?.TrySetResult(false);
        _done.TrySetResult(false);
    }

    private async Task WriteGatheredAsync()
    {
        try
        {
            while (TryTakeGathered())
            {
                await _stream!.WriteAsync(_inFlight.WrittenMemory, callToken).ConfigureAwait(false);
                await _stream.FlushAsync(callToken).ConfigureAwait(false);
                _inFlight.Truncate(0);
            }
        }
#pragma warning disable CA1031 // The response says why the call ended; here it is only known that no more can be written.
        catch (Exception)
#pragma warning restore CA1031
        {
            End();
            lock (_gate)
            {
                _writing = false;
                ReturnBuffers_NeedsLock();
            }
        }
    }

    private bool TryTakeGathered()
    {
        TaskCompletionSource<bool>? room;
        lock (_gate)
        {
            if (_ended || _gathered.Length == 0)
            {
                _writing = false;
                if (_ended || _completing)
                {
                    ReturnBuffers_NeedsLock();
                    _done.TrySetResult(!_ended);
                }

                return false;
            }

            (_gathered, _inFlight) = (_inFlight, _gathered);
            room = _room;
            _room = null;
        }

        room?.TrySetResult(true);
        return true;
    }

    private void ReturnBuffers_NeedsLock()
    {
        _gathered.Dispose();
        _inFlight.Dispose();
    }
}
