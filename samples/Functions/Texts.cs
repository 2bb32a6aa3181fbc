using Cluster.Client;

namespace Cluster.Samples.Functions;

/// <summary>Functions of text.</summary>
public static class Texts
{
    /// <summary>Counts the words of a text, and how often each occurs.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The counts.</returns>
    [ClusterFunction("words")]
    public static WordCount Count(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new WordCount(words.Length, words.CountBy(static word => word).ToDictionary());
    }

    /// <summary>Repeats a text.</summary>
    [ClusterFunction("repeat", Description = "Repeats a text so many times.")]
    public static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    /// <summary>The name of the machine that runs it, and the process.</summary>
    [ClusterFunction]
    public static string WhereAmI() => $"{Environment.MachineName}/{Environment.ProcessId}";
}
