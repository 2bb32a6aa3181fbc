namespace Cluster.Protocol.Code;

/// <summary>Suggests what somebody who mistyped a name may have meant.</summary>
public static class NearNames
{
    private const int Shown = 3;

    /// <summary>The nearest names, as a sentence that starts with a space; empty where nothing is near.</summary>
    /// <param name="wanted">What was asked for.</param>
    /// <param name="names">What there is.</param>
    public static string Suggest(string wanted, IEnumerable<string> names)
    {
        var near = names.Distinct(StringComparer.Ordinal)
            .Select(name => (Name: name, Distance: Distance(wanted, name)))
            .Where(candidate => candidate.Distance <= Math.Max(2, wanted.Length / 6))
            .OrderBy(candidate => candidate.Distance).ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .Take(Shown).Select(candidate => candidate.Name).ToArray();
        return near.Length == 0 ? "" : $" Did you mean {string.Join(" or ", near)}?";
    }

    // Levenshtein's distance on the last segment and the whole, whichever is smaller: a forgotten namespace is a common slip.
    private static int Distance(string wanted, string name) =>
        Math.Min(EditDistance(wanted, name), name.EndsWith("." + wanted, StringComparison.OrdinalIgnoreCase) ? 1 : int.MaxValue);

    private static int EditDistance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substitution = diagonal + (char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, Math.Min(row[j - 1], row[j]) + 1);
            }
        }

        return row[b.Length];
    }
}
