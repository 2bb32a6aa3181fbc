using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.TestKit.FakeCoordinators;

internal sealed class FakeNodesService(CoordinatorInfo info, IReadOnlyList<NodeInfo> nodes, string? token) : Nodes.NodesBase
{
    public override Task<ListNodesReply> List(ListNodesRequest request, ServerCallContext context)
    {
        if (token is not null && context.RequestHeaders.GetValue("authorization") != $"Bearer {token}")
        {
            throw new RpcException(new Status(StatusCode.Unauthenticated, "The token is missing or wrong."));
        }

        var reply = new ListNodesReply { Coordinator = info };
        reply.Nodes.AddRange(nodes);
        return Task.FromResult(reply);
    }
}
