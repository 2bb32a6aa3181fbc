namespace Cluster.Node.Hosting;

/// <summary>A line of the log, and what belongs to it.</summary>
/// <param name="Time">When.</param>
/// <param name="Level">How bad.</param>
/// <param name="Event">Which message it is.</param>
/// <param name="Message">For people.</param>
/// <param name="Properties">What stands in the message, by name; its template too.</param>
/// <param name="Exception">What happened; null: nothing was thrown.</param>
internal readonly record struct LogLine(
    DateTimeOffset Time, LogLevel Level, EventId Event, string Message, IReadOnlyList<KeyValuePair<string, object?>> Properties, Exception? Exception);
