using System.Security.Cryptography;
using System.Text;

namespace Cluster.Coordinator.Lambdas;

/// <summary>Names texts by their content: the same text has the same name everywhere.</summary>
internal static class LambdaName
{
    private const int ShownLength = 12;
    private const int MaxShownText = 200;

    /// <summary>What a text is found by: its SHA-256, in hexadecimal.</summary>
    public static string Key(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>What its assembly is called, and jobs that nobody has named: <c>csharp-</c> and the beginning of the key.</summary>
    public static string Assembly(string key) => $"csharp-{key[..ShownLength]}";

    /// <summary>The text for lists of jobs: on one line, and not all of a long one.</summary>
    public static string Show(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, MaxShownText, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= MaxShownText ? line : string.Concat(line.AsSpan(0, MaxShownText - 1), "…");
    }
}
