using System.Globalization;

namespace Cluster.Node.Hosting;

/// <summary>Lines of the log for people.</summary>
internal static class TextLogLine
{
    public static void Write(TextWriter output, DateTimeOffset now, LogLevel level, string message, Exception? exception)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{now.ToLocalTime():HH:mm:ss.fff} {Name(level)} node: {message}"));
        if (exception is not null)
        {
            output.WriteLine(exception);
        }
    }

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };
}
