using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Client.Jobs;

/// <summary>
/// The one writer of a job's stream. Whoever has something to send wakes it; while a write is in flight more piles up and leaves together.
/// When the stream of another run of the job takes the place of one that broke, it first sends again what that leaves unanswered.
/// </summary>
/// <param name="inputs">The items.</param>
/// <param name="flow">Says which of them may leave.</param>
/// <param name="inputFailed">Told when the source or an encoder threw.</param>
internal sealed class JobWriter(IJobInputs inputs, JobFlow flow, Action<Exception> inputFailed) : IThreadPoolWorkItem
{
    private readonly ItemCancellations _cancellations = new();
    private IClientStreamWriter<RunRequest>? _output;

    // Touched by whoever writes alone, as is what follows.
    private IClientStreamWriter<RunRequest>? _current;
    private long _sent;
    private int _wakes;
    private bool _cancelJob;
    private bool _cancelSent;
    private bool _endSent;
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

    /// <summary>Items are answered: nobody needs to be told any more that they are withdrawn.</summary>
    public void Answered(long first, long count) => _cancellations.Answered(first, count);

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
        int seen;
        do
        {
            seen = Volatile.Read(ref _wakes);
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
        while (Interlocked.Add(ref _wakes, -seen) != 0);
    }

    private async ValueTask WriteReadyAsync(IClientStreamWriter<RunRequest>? output)
    {
        if (output is null || _closed)
        {
            return;
        }

        if (!ReferenceEquals(output, _current))
        {
            Restart(output);
        }

        if (Volatile.Read(ref _close))
        {
            _closed = true;
            await output.CompleteAsync().ConfigureAwait(false);
            return;
        }

        while (!Volatile.Read(ref _cancelJob) && await WriteItemsAsync(output).ConfigureAwait(false))
        {
            // Until everything is sent, or the window is full.
        }

        if (_cancelJob)
        {
            if (!_cancelSent)
            {
                _cancelSent = true;
                await output.WriteAsync(new RunRequest { CancelJob = new CancelJob() }).ConfigureAwait(false);
            }
        }
        else if (!_endSent && !flow.IsReplaying && inputs.IsEnded)
        {
            _endSent = true;
            await output.WriteAsync(new RunRequest { EndInputs = new EndInputs { Count = (ulong)inputs.Count } }).ConfigureAwait(false);
        }
    }

    private void Restart(IClientStreamWriter<RunRequest> output)
    {
        _current = output;
        _sent = 0;
        _cancelSent = false;
        _endSent = false;
        Failure = null;
        flow.Restart();
        _cancellations.Restart();
    }

    private async ValueTask<bool> WriteItemsAsync(IClientStreamWriter<RunRequest> output)
    {
        if (flow.IsReplaying && flow.Skip() is { Count: > 0 } skipped)
        {
            await output.WriteAsync(new RunRequest { SkipItems = new SkipItems { First = skipped.First, Count = skipped.Count } }).ConfigureAwait(false);
            _sent = (long)skipped.End;
        }
        else if (flow.IsReplaying ? flow.TrySendAgain(out var batch) : TryTake(out batch))
        {
            foreach (var message in batch.Messages)
            {
                await output.WriteAsync(new RunRequest { Inputs = message }).ConfigureAwait(false);
            }

            _sent = batch.First + batch.Count;
        }
        else if (_cancellations.TryTake(_sent) is { } cancellation)
        {
            ForgetAnswered(cancellation);
            await output.WriteAsync(new RunRequest { CancelItems = cancellation }).ConfigureAwait(false);
        }
        else
        {
            return false;
        }

        return true;
    }

    // Their answers came before they were noted: they would be kept for ever.
    private void ForgetAnswered(CancelItems cancellation)
    {
        for (var index = (long)cancellation.First; index < (long)(cancellation.First + cancellation.Count); index++)
        {
            if (!flow.IsOpen(index))
            {
                _cancellations.Answered(index, 1);
            }
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
