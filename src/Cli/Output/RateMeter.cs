namespace Cluster.Cli.Output;

/// <summary>How fast counts grow, by what was seen of them within the last while. Pure, and not thread-safe.</summary>
/// <param name="window">How far it looks back.</param>
internal sealed class RateMeter(TimeSpan window)
{
    private readonly Dictionary<string, Queue<(TimeSpan At, double Count)>> _seen = new(StringComparer.Ordinal);

    /// <summary>Notes a count.</summary>
    /// <param name="key">Whose it is.</param>
    /// <param name="count">The count.</param>
    /// <param name="at">The time, from any beginning.</param>
    /// <returns>By how much it grows in a second; null: it was seen once only.</returns>
    public double? Add(string key, double count, TimeSpan at)
    {
        if (!_seen.TryGetValue(key, out var samples) || samples.Last().Count > count)
        {
            // One that has shrunk has begun anew.
            _seen[key] = samples = new Queue<(TimeSpan, double)>();
        }

        samples.Enqueue((at, count));
        while (samples.Count > 2 && at - samples.ElementAt(1).At >= window)
        {
            samples.Dequeue();
        }

        var first = samples.Peek();
        return at > first.At ? (count - first.Count) / (at - first.At).TotalSeconds : null;
    }

    /// <summary>Forgets those that are gone.</summary>
    public void Keep(IReadOnlySet<string> keys)
    {
        foreach (var gone in _seen.Keys.Where(key => !keys.Contains(key)).ToArray())
        {
            _seen.Remove(gone);
        }
    }
}
