using System.Globalization;

namespace Cluster.Coordinator.Scaling;

/// <summary>What whoever scales wants of the number of nodes.</summary>
/// <param name="Target">Within which the work that there is should be done.</param>
/// <param name="SlotsPerNode">What a node brings; null: what the attached ones do.</param>
/// <param name="Labels">What the nodes have that are scaled; empty: any.</param>
internal sealed record ScalingTerms(TimeSpan Target, int? SlotsPerNode, IReadOnlyDictionary<string, string> Labels)
{
    private const string TargetKey = "targetSeconds";
    private const string SlotsKey = "slotsPerNode";
    private const string LabelsKey = "labels";
    private const int MaxSlots = 1 << 20;

    /// <summary>For who does not say.</summary>
    public static ScalingTerms Default { get; } = new(TimeSpan.FromSeconds(60), null, new Dictionary<string, string>());

    /// <summary>Reads the metadata of a trigger.</summary>
    /// <exception cref="FormatException">A value makes no sense; the message says which, and what would.</exception>
    public static ScalingTerms Parse(IReadOnlyDictionary<string, string> metadata)
    {
        var terms = Default;
        if (metadata.TryGetValue(TargetKey, out var target))
        {
            terms = double.TryParse(target, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= 86_400
                ? terms with { Target = TimeSpan.FromSeconds(seconds) }
                : throw new FormatException($"{TargetKey} is '{target}'; it takes 1 to 86400 seconds.");
        }

        if (metadata.TryGetValue(SlotsKey, out var slots))
        {
            terms = int.TryParse(slots, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= MaxSlots
                ? terms with { SlotsPerNode = count }
                : throw new FormatException($"{SlotsKey} is '{slots}'; it takes a whole number from 1 to {MaxSlots}: the workers of a node, times their threads.");
        }

        return metadata.TryGetValue(LabelsKey, out var labels) ? terms with { Labels = ParseLabels(labels) } : terms;
    }

    private static Dictionary<string, string> ParseLabels(string text)
    {
        var labels = new Dictionary<string, string>();
        foreach (var label in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = label.IndexOf('=', StringComparison.Ordinal);
            labels[equals > 0 ? label[..equals] : throw new FormatException($"{LabelsKey} is '{text}'; it takes KEY=VALUE, several separated by commas.")] = label[(equals + 1)..];
        }

        return labels;
    }
}
