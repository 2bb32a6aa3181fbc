namespace Cluster.Node.Session;

/// <summary>The coordinator does not take this node, and dialling again will not change its mind.</summary>
internal sealed class NodeRefusedException(string message, Exception? innerException = null) : Exception(message, innerException);
