using Cluster.Protocol;
using Grpc.Core;

namespace Cluster.Node.Session;

/// <summary>What the status of the session's call means for the node.</summary>
internal static class SessionFailure
{
    /// <summary>A <see cref="NodeRefusedException"/> where dialling again cannot help, otherwise a <see cref="SessionLostException"/>.</summary>
    public static Exception From(RpcException exception) => exception.StatusCode switch
    {
        // The coordinator's text names both versions and the fix.
        StatusCode.FailedPrecondition => new NodeRefusedException(exception.Status.Detail, exception),
        StatusCode.Unauthenticated when exception.Trailers.GetValue(Refusal.MetadataKey) == Refusal.ClientCertificate => new NodeRefusedException(
            $"The coordinator does not accept the node's certificate: {exception.Status.Detail} Give the node one that it accepts with --tls-certificate and --tls-key.",
            exception),
        StatusCode.Unauthenticated => new NodeRefusedException(
            $"The coordinator does not accept the token: {exception.Status.Detail} Give the node the coordinator's token with --token-file or CLUSTER_TOKEN.",
            exception),
        StatusCode.PermissionDenied => new NodeRefusedException($"The coordinator does not let this node attach: {exception.Status.Detail}", exception),
        StatusCode.Unimplemented => new NodeRefusedException(
            $"What listens there is not a coordinator: {exception.Status.Detail} Check the address.", exception),
        _ => new SessionLostException($"{exception.StatusCode}: {exception.Status.Detail}", exception),
    };
}
