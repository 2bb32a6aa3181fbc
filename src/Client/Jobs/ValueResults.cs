namespace Cluster.Client.Jobs;

/// <summary>The results of <c>MapAsync</c>: all values, or an exception.</summary>
internal sealed class ValueResults<TResult>(bool throwFirst, int expected) : ArrayResults<TResult, TResult[]>(throwFirst, expected)
{
    protected override TResult[] Finish(long count)
    {
        var values = Values(count);
        return Failures.Count == 0 ? values : throw MapFailures.Create(Failures, count, new BoxedOutcomes<TResult>(values, Failures));
    }
}
