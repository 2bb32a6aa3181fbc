namespace Cluster.Client.Jobs;

/// <summary>The results of <c>MapOutcomesAsync</c>: what became of each item.</summary>
internal sealed class OutcomeResults<TResult>(int expected) : ArrayResults<TResult, ItemOutcome<TResult>[]>(throwFirst: false, expected)
{
    protected override ItemOutcome<TResult>[] Finish(long count)
    {
        var values = Values(count);
        var outcomes = new ItemOutcome<TResult>[count];
        for (var i = 0; i < outcomes.Length; i++)
        {
            outcomes[i] = Failures.TryGetValue(i, out var failure) ? new(i, failure) : new(i, values[i]);
        }

        return outcomes;
    }
}
