using System.Diagnostics;
using Grpc.Core;

namespace Cluster.Coordinator.Telemetry;

/// <summary>The span that a call belongs to, as its caller says in the metadata <c>traceparent</c> (W3C).</summary>
internal static class TraceHeader
{
    private const string Name = "traceparent";

    /// <summary>What the caller says; empty: nothing, or nothing that makes sense.</summary>
    public static string Of(ServerCallContext context) =>
        context.RequestHeaders.GetValue(Name) is { } said && ActivityContext.TryParse(said, null, isRemote: true, out _) ? said : "";
}
