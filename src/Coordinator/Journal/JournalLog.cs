namespace Cluster.Coordinator.Journal;

/// <summary>What the journal logs. Event ids 1500 to 1599.</summary>
internal static partial class JournalLog
{
    [LoggerMessage(1500, LogLevel.Information, "The journal was read up to record {Last}; {Segments} segments.", EventName = "JournalRecovered")]
    public static partial void Recovered(ILogger logger, ulong last, int segments);

    [LoggerMessage(1501, LogLevel.Warning, "{File}: the last {Bytes} bytes, from byte {Position} on, were removed: {Reason} A write was not completed when the process or the machine ended; it had not been acknowledged.", EventName = "JournalTorn")]
    public static partial void Torn(ILogger logger, string file, long position, long bytes, string reason);

    [LoggerMessage(1502, LogLevel.Error, "{File} is damaged at byte {Position}: {Reason} What follows was cut off, with {Segments} later segments; copies are kept as *.damaged.", EventName = "JournalRepaired")]
    public static partial void Repaired(ILogger logger, string file, long position, string reason, int segments);

    [LoggerMessage(1503, LogLevel.Information, "A snapshot stands for the journal up to record {Last} now; {Bytes} bytes were deleted.", EventName = "JournalCompacted")]
    public static partial void Compacted(ILogger logger, ulong last, long bytes);
}
