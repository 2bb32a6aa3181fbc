namespace Cluster.Node.Hosting;

/// <summary>
/// Log lines on stderr, since stdout belongs to what programs read. Small on purpose: the console logger of the framework takes longer to
/// construct than a worker takes to start.
/// </summary>
internal sealed class StandardErrorLogger(TextWriter output, LogLevel minimum, LogLineWriter write, string node, TimeProvider time) : ILogger, ILoggerProvider
{
    private const string NodeId = "NodeId";

    private readonly Lock _gate = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= minimum && logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        // Whichever line it is: a machine may have several nodes, and a collector has many.
        List<KeyValuePair<string, object?>> properties = [.. state as IEnumerable<KeyValuePair<string, object?>> ?? []];
        if (!properties.Exists(static property => property.Key == NodeId))
        {
            properties.Add(new(NodeId, node));
        }

        var line = new LogLine(time.GetUtcNow(), logLevel, eventId, formatter(state, exception), properties, exception);
        lock (_gate)
        {
            write(output, line);
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    /// <summary>Nothing: the stream is the program's.</summary>
    public void Dispose()
    {
    }
}
