using System.Globalization;
using Cluster.Coordinator.Errors;
using Cluster.Protocol;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Coordinator.Nodes;

/// <summary>Decides whether a node can be taken, from what it says of itself.</summary>
internal static class HelloValidator
{
    private const int MaxNameLength = 255;
    private const int MaxChunks = 1 << 20;
    private const int MaxHeld = 4096;

    /// <summary>Why the node is refused, or null.</summary>
    /// <param name="hello">What it says.</param>
    /// <param name="self">This coordinator and its version, for the message.</param>
    public static RpcException? Refuse(Hello hello, string self)
    {
        if (ProtocolVersion.CheckPeer(self, $"node {hello.Name} ({hello.Version})", hello.ProtocolVersion) is { } skew)
        {
            return RichStatus.Unmet("PROTOCOL_VERSION", "hello.protocol_version", skew);
        }

        if (hello.Name.Length is 0 or > MaxNameLength)
        {
            return RichStatus.BadField("hello.name", string.Create(CultureInfo.InvariantCulture, $"A node needs a name of 1 to {MaxNameLength} characters (--name)."));
        }

        if (hello.Held.Count > MaxHeld)
        {
            return RichStatus.BadField("hello.held", string.Create(CultureInfo.InvariantCulture, $"Node '{hello.Name}' brings {hello.Held.Count} items along; at most {MaxHeld}."));
        }

        return hello.Slots is 0 or > MaxChunks || hello.Prefetch > MaxChunks
            ? RichStatus.BadField("hello.slots", string.Create(
                CultureInfo.InvariantCulture,
                $"Node '{hello.Name}' offers {hello.Slots} slots and prefetches {hello.Prefetch}; there must be 1 to {MaxChunks} slots and at most as many prefetched chunks."))
            : null;
    }
}
