namespace Cluster.Client;

/// <summary>A line that a function wrote to stdout or stderr on a node.</summary>
/// <param name="Text">The line, without its break.</param>
/// <param name="IsError">True for stderr.</param>
/// <param name="Node">Name of the node.</param>
/// <param name="WorkerPid">Process id of the worker.</param>
/// <param name="Index">The item that was running, where known.</param>
public sealed record OutputLine(string Text, bool IsError, string Node, int WorkerPid, long? Index);
