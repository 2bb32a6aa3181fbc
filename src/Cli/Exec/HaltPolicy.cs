using System.Globalization;

namespace Cluster.Cli.Exec;

/// <summary>When to stop before the end, in GNU parallel's words: <c>never</c>, <c>soon,fail=3</c>, <c>now,fail=1</c>, <c>now,success=1</c>, with a share of those done as <c>fail=20%</c>.</summary>
/// <param name="Now">What runs is ended; otherwise nothing new is begun.</param>
/// <param name="CountsSuccess">Successes are counted, not failures.</param>
/// <param name="Count">How many of them; 0: never.</param>
/// <param name="Share">Instead: which share of those done, once there are three.</param>
internal sealed record HaltPolicy(bool Now, bool CountsSuccess, long Count, double Share)
{
    private const int LeastForShare = 3;

    public static readonly HaltPolicy Never = new(false, false, 0, 0);

    /// <exception cref="FormatException">It is no such policy.</exception>
    public static HaltPolicy Parse(string text)
    {
        if (text == "never")
        {
            return Never;
        }

        if (text.Split(',') is ["now" or "soon", var condition] && condition.Split('=') is ["fail" or "success", var number])
        {
            var policy = Never with { Now = text.StartsWith("now", StringComparison.Ordinal), CountsSuccess = condition[0] == 's' };
            if (number.EndsWith('%') && double.TryParse(number[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent is > 0 and <= 100)
            {
                return policy with { Share = percent / 100 };
            }

            if (long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0)
            {
                return policy with { Count = count };
            }
        }

        throw new FormatException($"'{text}' is no such policy. Give never, or now or soon with what to wait for: now,fail=1 · soon,fail=20% · now,success=1.");
    }

    /// <summary>Whether it is time.</summary>
    public bool IsMet(long succeeded, long failed)
    {
        var counted = CountsSuccess ? succeeded : failed;
        return Share > 0 ? succeeded + failed >= LeastForShare && counted >= Share * (succeeded + failed) : Count > 0 && counted >= Count;
    }
}
