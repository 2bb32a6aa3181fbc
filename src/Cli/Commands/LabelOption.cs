namespace Cluster.Cli.Commands;

/// <summary>Labels, as options give them.</summary>
internal static class LabelOption
{
    /// <exception cref="UsageException">One is no KEY=VALUE.</exception>
    public static Dictionary<string, string> Read(IEnumerable<string> texts, string option = "--require")
    {
        var pairs = new Dictionary<string, string>();
        foreach (var text in texts)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            pairs[equals > 0 ? text[..equals] : throw new UsageException($"{option} takes KEY=VALUE, not '{text}'.")] = text[(equals + 1)..];
        }

        return pairs;
    }
}
