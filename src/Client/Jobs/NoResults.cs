using Cluster.Protocol.Batches;

namespace Cluster.Client.Jobs;

/// <summary>The results of <c>ForEachAsync</c>: none, but failures.</summary>
internal sealed class NoResults(bool throwFirst) : EagerResults<Nothing>(throwFirst)
{
    protected override void Store(ResultEntry entry)
    {
    }

    protected override Nothing Finish(long count) => Failures.Count == 0
        ? default
        : throw MapFailures.Create(
            Failures, count, [.. Failures.Select(failure => new ItemOutcome<object?>(failure.Key, failure.Value))]);
}
