using Cluster.Protocol.Sessions;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Client.Jobs;

/// <summary>
/// The one writer of a job's stream. Whoever has something to send wakes it; while a write is in flight more piles up and leaves together.
/// When the stream of another run of the job takes the place of one that broke, it first sends again what that leaves unanswered.
/// </summary>
/// <param name="script">What there is to send.</param>
internal sealed class JobWriter(JobScript script) : IThreadPoolWorkItem
{
    private IClientStreamWriter<RunRequest>? _output;

    // Touched by whoever writes alone, as is what follows.
    private IClientStreamWriter<RunRequest>? _current;
    private Wakes _wakes;
    private bool _close;
    private bool _closed;

    /// <summary>Why the last write failed; the call's status tells more.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>The job is accepted, for the first time or again: items may be sent from now on.</summary>
    public void Open(IClientStreamWriter<RunRequest> output)
    {
        Volatile.Write(ref _output, output);
        Wake();
    }

    /// <summary>There may be something to send.</summary>
    /// <param name="onThisThread">
    /// Write on the caller's thread if nobody else is writing: fastest for a single item. Otherwise a thread of the pool does, and takes
    /// along what is added meanwhile.
    /// </param>
    public void Wake(bool onThisThread = false)
    {
        if (!_wakes.Add())
        {
            return;
        }

        if (onThisThread)
        {
            _ = DrainAsync();
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute() => _ = DrainAsync();

    /// <summary>The job has ended: ends the requests.</summary>
    public void Close()
    {
        Volatile.Write(ref _close, true);
        Wake();
    }

    private async Task DrainAsync()
    {
        int seen;
        do
        {
            seen = _wakes.Seen;
            var output = Volatile.Read(ref _output);
            try
            {
                await WriteReadyAsync(output).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is RpcException or InvalidOperationException or OperationCanceledException or IOException)
            {
                // The call has ended; the loop that receives learns why, and perhaps brings another.
                Failure = exception;
                Interlocked.CompareExchange(ref _output, null, output);
            }
        }
        while (_wakes.HasMore(seen));
    }

    private async ValueTask WriteReadyAsync(IClientStreamWriter<RunRequest>? output)
    {
        if (output is null || _closed)
        {
            return;
        }

        if (!ReferenceEquals(output, _current))
        {
            _current = output;
            Failure = null;
            script.Restart();
        }

        if (Volatile.Read(ref _close))
        {
            _closed = true;
            await output.CompleteAsync().ConfigureAwait(false);
            return;
        }

        while (script.TryNext() is { } request)
        {
            await output.WriteAsync(request).ConfigureAwait(false);
        }
    }
}
