using System.Collections;

namespace Cluster.Client.Jobs;

/// <summary>Outcomes whose values are boxed when somebody looks.</summary>
internal sealed class BoxedOutcomes<TResult>(TResult[] values, IReadOnlyDictionary<long, Exception> failures) : IReadOnlyList<ItemOutcome<object?>>
{
    public int Count => values.Length;

    public ItemOutcome<object?> this[int index] =>
        failures.TryGetValue(index, out var failure) ? new(index, failure) : new(index, (object?)values[index]);

    public IEnumerator<ItemOutcome<object?>> GetEnumerator()
    {
        for (var i = 0; i < values.Length; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
