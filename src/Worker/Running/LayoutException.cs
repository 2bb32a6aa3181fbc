using Cluster.Protocol.V1;

namespace Cluster.Worker.Running;

/// <summary>What the caller sends does not fit the function's parameters, or its result cannot travel, whatever the items are.</summary>
internal sealed class LayoutException(ErrorKind kind, string message) : Exception(message)
{
    public ErrorKind Kind => kind;
}
