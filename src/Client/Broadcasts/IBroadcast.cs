using Cluster.Protocol.V1;

namespace Cluster.Client.Broadcasts;

/// <summary>A broadcast of any type, as it travels.</summary>
internal interface IBroadcast
{
    /// <summary>Which value it is.</summary>
    CodeFile File { get; }
}
