using System.Globalization;

namespace Cluster.Node.Hosting;

/// <summary>Lines of the log for people.</summary>
internal static class TextLogLine
{
    public static void Write(TextWriter output, in LogLine line)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{line.Time.ToLocalTime():HH:mm:ss.fff} {Name(line.Level)} node: {line.Message}"));
        if (line.Exception is not null)
        {
            output.WriteLine(line.Exception);
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
