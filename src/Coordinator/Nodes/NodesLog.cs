namespace Cluster.Coordinator.Nodes;

/// <summary>What happens to nodes. Event ids 1300 to 1399.</summary>
internal static partial class NodesLog
{
    [LoggerMessage(1300, LogLevel.Information, "Node {NodeId} attached from {Peer} with {Slots} slots, version {Version}.", EventName = "NodeAttached")]
    public static partial void NodeAttached(ILogger logger, string nodeId, string peer, uint slots, string version);

    [LoggerMessage(1301, LogLevel.Warning, "Node {NodeId} was refused: {Reason}", EventName = "NodeRefused")]
    public static partial void NodeRefused(ILogger logger, string nodeId, string reason);

    [LoggerMessage(1302, LogLevel.Information, "Node {NodeId} said goodbye.", EventName = "NodeLeft")]
    public static partial void NodeLeft(ILogger logger, string nodeId);

    [LoggerMessage(1303, LogLevel.Warning, "Node {NodeId} is lost; its work goes elsewhere. {Reason}", EventName = "NodeLost")]
    public static partial void NodeLost(ILogger logger, string nodeId, string reason);

    [LoggerMessage(1304, LogLevel.Warning, "The connection to node {NodeId} broke; it may come back with its work within its lease of {Lease}. {Reason}", EventName = "NodeDisconnected")]
    public static partial void NodeDisconnected(ILogger logger, string nodeId, TimeSpan lease, string reason);

    [LoggerMessage(1305, LogLevel.Information, "Node {NodeId} is back from {Peer}, with its work.", EventName = "NodeResumed")]
    public static partial void NodeResumed(ILogger logger, string nodeId, string peer);

    [LoggerMessage(1306, LogLevel.Information, "Node {NodeId} is to leave, says {Peer}.", EventName = "NodeToDrain")]
    public static partial void NodeToDrain(ILogger logger, string nodeId, string peer);

    [LoggerMessage(1307, LogLevel.Information, "Node {NodeId} is draining: {Reason}. What it runs has {Left:F0} s left; the rest goes elsewhere, and nothing is charged.", EventName = "NodeDraining")]
    public static partial void NodeDraining(ILogger logger, string nodeId, string reason, double left);

    [LoggerMessage(1308, LogLevel.Warning, "Node {NodeId} ended before it had drained ({Reason}); its work goes elsewhere, uncharged. {End}", EventName = "NodeEndedDraining")]
    public static partial void NodeEndedDraining(ILogger logger, string nodeId, string reason, string end);
}
