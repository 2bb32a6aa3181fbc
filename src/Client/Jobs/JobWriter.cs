using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Client.Jobs;

/// <summary>
/// The one writer of a job's stream. Whoever has something to send wakes it; while a write is in flight more piles up and leaves together.
/// </summary>
/// <param name="inputs">The items.</param>
/// <param name="flow">Says which of them may leave.</param>
/// <param name="inputFailed">Told when the source or an encoder threw.</param>
internal sealed class JobWriter(IJobInputs inputs, JobFlow flow, Action<Exception> inputFailed) : IThreadPoolWorkItem
{
    private readonly ItemCancellations _cancellations = new();
    private IClientStreamWriter<RunRequest>? _output;
    private long _sent;
    private int _wakes;
    private bool _cancelJob;
    private bool _cancelSent;
    private bool _endSent;
    private bool _close;
    private bool _closed;

    /// <summary>Why the last write failed; the call's status tells more.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>The job is accepted: items may be sent from now on.</summary>
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
        if (Interlocked.Increment(ref _wakes) != 1)
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

    /// <summary>Withdraws an item, once it has been sent.</summary>
    public void CancelItem(long index, bool force)
    {
        _cancellations.Add(index, force);
        Wake();
    }

    /// <summary>Withdraws the job. No more items are sent.</summary>
    public void CancelJob()
    {
        Volatile.Write(ref _cancelJob, true);
        Wake();
    }

    /// <summary>The job has ended: ends the requests.</summary>
    public void Close()
    {
        Volatile.Write(ref _close, true);
        Wake();
    }

    private async Task DrainAsync()
    {
        try
        {
            int seen;
            do
            {
                seen = Volatile.Read(ref _wakes);
                await WriteReadyAsync().ConfigureAwait(false);
            }
            while (Interlocked.Add(ref _wakes, -seen) != 0);
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException or OperationCanceledException or IOException)
        {
            // The call has ended; the loop that receives learns why. The count of wakes stays above 0, so nobody writes again.
            Failure = exception;
        }
    }

    private async ValueTask WriteReadyAsync()
    {
        if (Volatile.Read(ref _output) is not { } output || _closed)
        {
            return;
        }

        if (Volatile.Read(ref _close))
        {
            _closed = true;
            await output.CompleteAsync().ConfigureAwait(false);
            return;
        }

        while (!Volatile.Read(ref _cancelJob))
        {
            if (TryTake(out var batch))
            {
                foreach (var message in batch.Messages)
                {
                    await output.WriteAsync(new RunRequest { Inputs = message }).ConfigureAwait(false);
                }

                _sent = batch.First + batch.Count;
            }
            else if (_cancellations.TryTake(_sent) is { } cancellation)
            {
                await output.WriteAsync(new RunRequest { CancelItems = cancellation }).ConfigureAwait(false);
            }
            else
            {
                break;
            }
        }

        if (_cancelJob)
        {
            if (!_cancelSent)
            {
                _cancelSent = true;
                await output.WriteAsync(new RunRequest { CancelJob = new CancelJob() }).ConfigureAwait(false);
            }
        }
        else if (!_endSent && inputs.IsEnded)
        {
            _endSent = true;
            await output.WriteAsync(new RunRequest { EndInputs = new EndInputs { Count = (ulong)inputs.Count } }).ConfigureAwait(false);
        }
    }

    private bool TryTake(out InputBatch batch)
    {
        try
        {
            return inputs.TryTake(flow, out batch);
        }
#pragma warning disable CA1031 // Encoding runs the user's converters and properties, which may throw anything; the job fails with it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            inputFailed(exception);
            batch = default;
            return false;
        }
    }
}
