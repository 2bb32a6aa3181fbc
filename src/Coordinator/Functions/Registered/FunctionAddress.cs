namespace Cluster.Coordinator.Functions.Registered;

/// <summary>How callers name a set, or a function in one: <c>samples/square</c>, <c>samples@1f09a3/square</c>.</summary>
/// <param name="Set">Name of the set.</param>
/// <param name="Version">Beginning of a version; null: the current one.</param>
/// <param name="Function">Name of the function; empty where only the set is named.</param>
internal readonly record struct FunctionAddress(string Set, string? Version, string Function)
{
    /// <summary>Reads <c>samples/square</c> or <c>samples@VERSION/square</c>.</summary>
    /// <returns>Null: it is neither.</returns>
    public static FunctionAddress? Parse(string text) =>
        text.IndexOf('/', StringComparison.Ordinal) is var slash and > 0 && slash < text.Length - 1 && ParseSet(text[..slash]) is { } set
            ? set with { Function = text[(slash + 1)..] }
            : null;

    /// <summary>Reads <c>samples</c> or <c>samples@VERSION</c>.</summary>
    /// <returns>Null: it is neither.</returns>
    public static FunctionAddress? ParseSet(string text) => text.IndexOf('@', StringComparison.Ordinal) switch
    {
        -1 => text.Length > 0 ? new FunctionAddress(text, null, "") : null,
        0 => null,
        var at => at < text.Length - 1 ? new FunctionAddress(text[..at], text[(at + 1)..], "") : null,
    };
}
