using Grpc.AspNetCore.Server.Calls;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Serves gRPC services.</summary>
public static class GrpcEndpointRouteBuilderExtensions
{
    /// <summary>Serves the methods of a service. One instance is created per call, from the services of the application.</summary>
    /// <typeparam name="TService">A class that derives from the generated base of a service.</typeparam>
    /// <param name="builder">The routes of the application.</param>
    /// <exception cref="InvalidOperationException"><c>AddGrpc</c> was not called, or the class does not derive from a generated base.</exception>
    public static GrpcServiceEndpointConventionBuilder MapGrpcService<TService>(this IEndpointRouteBuilder builder)
        where TService : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        ServiceRegistry registry = builder.ServiceProvider.GetService<ServiceRegistry>()
            ?? throw new InvalidOperationException("gRPC is not among the services of the application: call builder.Services.AddGrpc() first.");
        return new GrpcServiceEndpointConventionBuilder(registry.Map<TService>(builder));
    }
}
