namespace Cluster.Coordinator.Functions;

/// <summary>What happens to code. Event ids 1700 to 1799.</summary>
internal static partial class FunctionsLog
{
    [LoggerMessage(1700, LogLevel.Information, "{Set}@{Version} with {Functions} functions registered by {Caller} at {Peer}.", EventName = "FunctionsRegistered")]
    public static partial void Registered(ILogger logger, string set, string version, int functions, string caller, string peer);

    [LoggerMessage(1701, LogLevel.Information, "{Set} unregistered, {Versions} versions, by {Caller} at {Peer}.", EventName = "FunctionsUnregistered")]
    public static partial void Unregistered(ILogger logger, string set, int versions, string caller, string peer);
}
