using Grpc.AspNetCore.HealthChecks;
using Microsoft.AspNetCore.Routing;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Serves the health service.</summary>
public static class GrpcHealthChecksEndpointRouteBuilderExtensions
{
    /// <summary>Serves <c>grpc.health.v1.Health</c>.</summary>
    /// <param name="builder">The routes of the application.</param>
    public static GrpcServiceEndpointConventionBuilder MapGrpcHealthChecksService(this IEndpointRouteBuilder builder) =>
        builder.MapGrpcService<HealthChecksService>();
}
