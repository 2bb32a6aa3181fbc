using Cluster.Client.Jobs;
using Cluster.Protocol.V1;

namespace Cluster.Client.Detached;

/// <summary>
/// Where a reader of a job's results is: puts what comes in the order of the items, and knows with which item another call has to go on. Each item passes once; what would leave a gap,
/// or come twice, is a fault of the cluster and said to be one. Pure; not thread-safe.
/// </summary>
/// <param name="jobId">The job, for messages.</param>
/// <param name="from">The first item that is wanted.</param>
internal sealed class ResultCursor(string jobId, long from)
{
    private ResultGrouper _grouper = new();

    /// <summary>The next item.</summary>
    public long Next { get; private set; } = from;

    /// <summary>Another call goes on with <see cref="Next"/>: parts of its result come again.</summary>
    public void Restart() => _grouper = new ResultGrouper();

    /// <summary>The answers that a message completes, in order.</summary>
    /// <exception cref="ClusterException">They are not those that come next.</exception>
    public IReadOnlyList<(ResultEntry? Entry, ItemFailure? Failure)> Take(Results results)
    {
        List<(long First, long Count, ResultEntry? Entry, ItemFailure? Failure)> answers = [];
        foreach (var batch in results.Batches)
        {
            if (_grouper.TryComplete(batch, out var entry))
            {
                answers.Add((entry.Value.First, entry.Value.Count, entry, null));
            }
        }

        answers.AddRange(results.Failures.Select(static failure => ((long)failure.Index, 1L, (ResultEntry?)null, (ItemFailure?)failure)));
        answers.Sort(static (left, right) => left.First.CompareTo(right.First));
        foreach (var (first, count, _, _) in answers)
        {
            if (first != Next)
            {
                throw new ClusterException($"The coordinator answered item {first} of job {jobId} where item {Next} was next. This is a fault of the cluster.", isTransient: false);
            }

            Next += count;
        }

        return [.. answers.Select(static answer => (answer.Entry, answer.Failure))];
    }
}
