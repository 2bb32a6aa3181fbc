using System.Text.RegularExpressions;

namespace Cluster.Interop.Guides;

/// <summary>What is another text each time, such as ids and times: the guide's for what came in its place. In later commands the guide's stands for the same thing.</summary>
internal sealed partial class Renamed
{
    private Dictionary<string, string> _actual = [];

    /// <summary>Tries a comparison. What it has learned counts if it succeeds.</summary>
    public bool Try(Func<Renamed, bool> compare)
    {
        var attempt = new Renamed { _actual = new(_actual) };
        if (!compare(attempt))
        {
            return false;
        }

        _actual = attempt._actual;
        return true;
    }

    /// <summary>Whether two words are the same, or the same thing.</summary>
    public bool IsSame(string shown, string actual)
    {
        if (_actual.TryGetValue(shown, out var known))
        {
            return known == actual;
        }

        if (Kind(shown) is not { } kind || kind != Kind(actual))
        {
            return shown == actual;
        }

        // Times and durations mean nothing later.
        if (kind is "job" or "version")
        {
            _actual[shown] = actual;
        }

        return true;
    }

    /// <summary>A command of the guide's, as it is to be given now.</summary>
    public string In(string command) => _actual.Aggregate(command, static (text, pair) => text.Replace(pair.Key, pair.Value, StringComparison.Ordinal));

    private static string? Kind(string word) => Kinds().Match(word) is { Success: true } match ? match.Groups.Cast<Group>().First(static group => group.Success && group.Name != "0").Name : null;

    [GeneratedRegex(@"^(?:(?<job>d[0-9a-f]{12})|(?<version>(?=.*\d)[0-9a-f]{12})|(?<time>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00))|(?<date>\d{4}-\d\d-\d\d)|(?<clock>\d\d:\d\d:\d\d)|(?<seconds>\d+\.\d{1,9}))$")]
    private static partial Regex Kinds();
}
