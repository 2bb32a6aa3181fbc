namespace Cluster.Worker.Errors;

/// <summary>The stack of an exception as its author would see it at home: without the frames through which the worker called the function.</summary>
internal static class StackTraceText
{
    private const string OurFrames = "   at Cluster.Worker.";
    private const string Caller = "   at Call ";
    private const string Separator = "--- End of stack trace from previous location";

    public static string Trim(string? stack)
    {
        if (string.IsNullOrEmpty(stack))
        {
            return "";
        }

        var lines = stack.Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        var end = lines.Count;
        while (end > 0 && IsOurs(lines[end - 1]))
        {
            end--;
        }

        return string.Join('\n', lines.Take(end));
    }

    private static bool IsOurs(string line) => line.Length == 0
        || line.StartsWith(OurFrames, StringComparison.Ordinal)
        || line.StartsWith(Caller, StringComparison.Ordinal)
        || line.StartsWith(Separator, StringComparison.Ordinal);
}
