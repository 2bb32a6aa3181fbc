using System.Collections.Concurrent;
using System.Globalization;

namespace Cluster.Stress;

/// <summary>What was injected, and how long it took until it was made good.</summary>
internal sealed class FaultRecord(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, (int Injected, List<double> Recoveries)> _kinds = new();

    /// <summary>A fault has been injected.</summary>
    public void Injected(string kind)
    {
        lock (_kinds)
        {
            var (injected, recoveries) = _kinds.GetOrAdd(kind, static _ => (0, []));
            _kinds[kind] = (injected + 1, recoveries);
        }
    }

    /// <summary>The cluster has recovered from a fault.</summary>
    public void Recovered(string kind, long since)
    {
        lock (_kinds)
        {
            _kinds[kind].Recoveries.Add(time.GetElapsedTime(since).TotalMilliseconds);
        }
    }

    public void Print(TextWriter output)
    {
        lock (_kinds)
        {
            output.WriteLine("| fault | injected | recovered | median | max |");
            output.WriteLine("|---|---|---|---|---|");
            foreach (var (kind, (injected, recoveries)) in _kinds.OrderBy(kind => kind.Key, StringComparer.Ordinal))
            {
                recoveries.Sort();
                var times = recoveries.Count == 0 ? "- | -" : string.Create(CultureInfo.InvariantCulture, $"{recoveries[recoveries.Count / 2]:F0} ms | {recoveries[^1]:F0} ms");
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {kind} | {injected} | {recoveries.Count} | {times} |"));
            }
        }
    }
}
