using Cluster.Protocol.V1;

namespace Cluster.Client.Jobs;

/// <summary>
/// What a job has to say to the coordinator, request by request: items as the window lets them go, cancellations, and the end. Another run of the job
/// begins with what the last one leaves unanswered. It never waits and knows no stream. Used by one writer at a time; cancellations come from anywhere.
/// </summary>
/// <param name="inputs">The items.</param>
/// <param name="flow">Says which of them may leave.</param>
/// <param name="inputFailed">Told when the source or an encoder threw.</param>
internal sealed class JobScript(IJobInputs inputs, JobFlow flow, Action<Exception> inputFailed)
{
    private readonly ItemCancellations _cancellations = new();

    // The rest of a batch of several messages.
    private readonly Queue<RunRequest> _begun = new();
    private long _sent;
    private bool _cancelJob;
    private bool _cancelSent;
    private bool _endSent;

    /// <summary>Withdraws an item, once it has been sent.</summary>
    public void CancelItem(long index, bool force) => _cancellations.Add(index, force);

    /// <summary>Items are answered: nobody needs to be told any more that they are withdrawn.</summary>
    public void Answered(long first, long count) => _cancellations.Answered(first, count);

    /// <summary>Withdraws the job. No more items are sent.</summary>
    public void CancelJob() => Volatile.Write(ref _cancelJob, true);

    /// <summary>Begins another run of the job, in which nothing has been said yet.</summary>
    public void Restart()
    {
        _begun.Clear();
        _sent = 0;
        _cancelSent = false;
        _endSent = false;
        flow.Restart();
        _cancellations.Restart();
    }

    /// <summary>The next request; null: there is nothing to say now.</summary>
    public RunRequest? TryNext()
    {
        if (_begun.TryDequeue(out var rest))
        {
            return rest;
        }

        if (!Volatile.Read(ref _cancelJob) && NextItems() is { } items)
        {
            return items;
        }

        if (_cancelJob)
        {
            return NextOnce(ref _cancelSent) ? new RunRequest { CancelJob = new CancelJob() } : null;
        }

        return !flow.IsReplaying && inputs.IsEnded && NextOnce(ref _endSent)
            ? new RunRequest { EndInputs = new EndInputs { Count = (ulong)inputs.Count } }
            : null;
    }

    private static bool NextOnce(ref bool said) => !said && (said = true);

    private RunRequest? NextItems()
    {
        if (flow.IsReplaying && flow.Skip() is { Count: > 0 } skipped)
        {
            _sent = (long)skipped.End;
            return new RunRequest { SkipItems = new SkipItems { First = skipped.First, Count = skipped.Count } };
        }

        if (flow.IsReplaying ? flow.TrySendAgain(out var batch) : TryTake(out batch))
        {
            foreach (var message in batch.Messages)
            {
                _begun.Enqueue(new RunRequest { Inputs = message });
            }

            _sent = batch.First + batch.Count;
            return _begun.Dequeue();
        }

        if (_cancellations.TryTake(_sent) is { } cancellation)
        {
            ForgetAnswered(cancellation);
            return new RunRequest { CancelItems = cancellation };
        }

        return null;
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
