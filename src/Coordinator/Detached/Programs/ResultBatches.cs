using System.Runtime.CompilerServices;
using Cluster.Coordinator.AdHoc;
using Cluster.Protocol;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Detached.Programs;

/// <summary>Reads the answers of a job from its file as programs want them: in the order of the items, each once, as many in a message as there are. Not thread-safe.</summary>
/// <param name="job">The job.</param>
/// <param name="log">Its file.</param>
internal sealed class ResultBatches(DetachedJob job, ResultLog log)
{
    private const int MaxFailures = 100;

    private readonly AnswerFinder _finder = new(job, log);
    private long _offset = -1;
    private DetachedJobEntry _entry = new();
    private Results _pending = new();
    private int _pendingBytes;

    /// <summary>The answers from an item on.</summary>
    /// <param name="from">The item.</param>
    /// <param name="wait">Wait for those that are still to come; otherwise end at the first that is not there.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async IAsyncEnumerable<Results> ReadAsync(ulong from, bool wait, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var end = (ulong)job.Items;
        for (var index = from; index < end;)
        {
            if (_finder.Find(index) is null && Take() is { } ready)
            {
                // Whoever waits here has what was there before.
                yield return ready;
            }

            var (offset, never) = await _finder.FindAsync(index, wait, cancellationToken);
            if (offset is null && never is null)
            {
                yield break;
            }

            if (offset is { } place && IsLarge(place, index))
            {
                if (Take() is { } before)
                {
                    yield return before;
                }

                foreach (var fragment in Fragments(place, index))
                {
                    yield return new Results { Batches = { fragment } };
                }

                index++;
                continue;
            }

            index += offset is { } at ? Add(at, index) : AddFailure(new ItemFailure { Index = index, Error = never });
            if ((_pendingBytes >= Limits.PreferredPayloadBytes || _pending.Failures.Count >= MaxFailures) && Take() is { } full)
            {
                yield return full;
            }
        }

        if (Take() is { } last)
        {
            yield return last;
        }
    }

    private Results? Take()
    {
        if (_pending.Batches.Count == 0 && _pending.Failures.Count == 0)
        {
            return null;
        }

        var taken = _pending;
        (_pending, _pendingBytes) = (new Results(), 0);
        return taken;
    }

    private bool IsLarge(long offset, ulong index)
    {
        Open(offset);
        return _entry.Batches?.Batches.Any(batch => batch.First == index && batch.FragmentTotal != 0) ?? false;
    }

    private IEnumerable<Batch> Fragments(long offset, ulong index)
    {
        foreach (var fragment in log.Walk(offset).SelectMany(static entry => entry.Batches?.Batches ?? []).Where(batch => batch.First == index && batch.FragmentTotal != 0))
        {
            yield return fragment;
            if (fragment.FragmentOffset + (ulong)fragment.Payload.Length == fragment.FragmentTotal)
            {
                yield break;
            }
        }

        throw Damaged();
    }

    /// <returns>How many items it has answered.</returns>
    private ulong Add(long offset, ulong index)
    {
        Open(offset);
        if (_entry.Results is { } results)
        {
            return AddValue(results.Results.FirstOrDefault(result => result.Index == index) ?? throw Damaged());
        }

        if (_entry.Batches.Failures.FirstOrDefault(failure => failure.Index == index) is { } found)
        {
            return AddFailure(found);
        }

        var batch = _entry.Batches.Batches.FirstOrDefault(batch => batch.FragmentTotal == 0 && index >= batch.First && index < batch.First + batch.Count) ?? throw Damaged();
        var part = new BatchSlicer(batch).Slice(index, (int)(batch.First + batch.Count - index));
        Add(part);
        return part.Count;
    }

    private ulong AddValue(ItemResult result)
    {
        if (result.Error is { } error)
        {
            return AddFailure(new ItemFailure { Index = result.Index, Error = error });
        }

        foreach (var batch in AdHocItems.Encode(result.Index, result.Value))
        {
            Add(batch);
        }

        return 1;
    }

    private ulong AddFailure(ItemFailure failure)
    {
        _pending.Failures.Add(failure);
        _pendingBytes += failure.CalculateSize();
        return 1;
    }

    private void Add(Batch batch)
    {
        _pending.Batches.Add(batch);
        _pendingBytes += batch.Payload.Length + batch.Lengths.Length;
    }

    private void Open(long offset)
    {
        if (offset != _offset)
        {
            (_entry, _offset) = (log.Read(offset), offset);
        }
    }

    private static InvalidDataException Damaged() => new("The file of the job's results is damaged. Submit the job again.");
}
