namespace Cluster.Coordinator.Journal;

/// <summary>What the journal logs. Event ids 1600 to 1599.</summary>
internal static partial class JournalLog
{
    [LoggerMessage(1600, LogLevel.Information, "The journal was read up to record {Last}; {Segments} segments.", EventName = "JournalRecovered")]
    public static partial void Recovered(ILogger logger, ulong last, int segments);

    [LoggerMessage(1601, LogLevel.Warning, "{File}: the last {Bytes} bytes, from byte {Position} on, were removed: {Reason} A write was not completed when the process or the machine ended; it had not been acknowledged.", EventName = "JournalTorn")]
    public static partial void Torn(ILogger logger, string file, long position, long bytes, string reason);

    [LoggerMessage(1602, LogLevel.Error, "{File} is damaged at byte {Position}: {Reason} What follows was cut off, with {Segments} later segments; copies are kept as *.damaged.", EventName = "JournalRepaired")]
    public static partial void Repaired(ILogger logger, string file, long position, string reason, int segments);

    [LoggerMessage(1603, LogLevel.Information, "A snapshot stands for the journal up to record {Last} now; {Bytes} bytes were deleted.", EventName = "JournalCompacted")]
    public static partial void Compacted(ILogger logger, ulong last, long bytes);

    [LoggerMessage(1604, LogLevel.Error, "The journal cannot be forced to the disk: what was acknowledged in the last second is lost if the machine ends now.", EventName = "JournalNotForced")]
    public static partial void NotForced(ILogger logger, Exception exception);

    [LoggerMessage(1605, LogLevel.Warning, "No snapshot could be made; the journal grows until the next attempt.", EventName = "JournalNotCompacted")]
    public static partial void NotCompacted(ILogger logger, Exception exception);

    [LoggerMessage(1606, LogLevel.Error, "The journal cannot be written to: changes of shared objects are refused until it can.", EventName = "JournalRefuses")]
    public static partial void Refuses(ILogger logger, Exception exception);

    [LoggerMessage(1607, LogLevel.Information, "The journal can be written to again.", EventName = "JournalAccepts")]
    public static partial void Accepts(ILogger logger);
}
