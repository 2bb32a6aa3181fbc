using Grpc.Core;

namespace Cluster.Coordinator.Hosting.Access;

/// <summary>Who makes a call, for logs.</summary>
internal static class Caller
{
    /// <summary>The name of the token; <c>local</c> where none is asked for.</summary>
    public static string Name(ServerCallContext context) => context.GetHttpContext().Features.Get<AccessToken>()?.Name ?? "local";

    /// <summary>That, and where the call comes from.</summary>
    public static string Describe(ServerCallContext context) => $"{Name(context)} at {context.Peer}";
}
