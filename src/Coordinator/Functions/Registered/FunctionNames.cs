using System.Text.RegularExpressions;

namespace Cluster.Coordinator.Functions.Registered;

/// <summary>What sets and functions may be called. Names of sets are names of files too, also where those know no case.</summary>
internal static partial class FunctionNames
{
    /// <summary>For messages: what a set may be called.</summary>
    public const string SetRule = "lower-case letters, digits, '.', '_' and '-', beginning with a letter or digit, 64 characters at most";

    /// <summary>For messages: what a function may be called.</summary>
    public const string FunctionRule = "letters, digits, '.', '_' and '-', beginning with a letter, a digit or '_', 128 characters at most";

    /// <summary>Whether a set may have this name.</summary>
    public static bool IsSet(string name) => SetName().IsMatch(name);

    /// <summary>Whether a function may have this name.</summary>
    public static bool IsFunction(string name) => FunctionName().IsMatch(name);

    [GeneratedRegex(@"^[a-z0-9][a-z0-9._-]{0,63}\z")]
    private static partial Regex SetName();

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}\z")]
    private static partial Regex FunctionName();
}
