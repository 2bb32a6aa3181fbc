namespace Cluster.Client.Jobs;

/// <summary>Sums up the failures of a map.</summary>
internal static class MapFailures
{
    private const int Named = 3;

    public static MapFailedException Create(
        IReadOnlyDictionary<long, Exception> failures, long items, IReadOnlyList<ItemOutcome<object?>> outcomes)
    {
        var named = string.Join(Environment.NewLine, failures.Values.Take(Named).Select(failure => "  " + failure.Message));
        var more = failures.Count > Named ? $"{Environment.NewLine}  … and {failures.Count - Named} more" : "";
        return new MapFailedException(
            $"{failures.Count} of {items} items failed; Outcomes has the failures and the results.{Environment.NewLine}{named}{more}",
            outcomes,
            [.. failures.Values]);
    }
}
