using Grpc.Reflection;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Serves reflection.</summary>
public static class GrpcReflectionEndpointRouteBuilderExtensions
{
    /// <summary>Serves <c>grpc.reflection.v1.ServerReflection</c> and the same under <c>v1alpha</c>, over all services that are mapped.</summary>
    /// <param name="builder">The routes of the application.</param>
    /// <exception cref="InvalidOperationException"><c>AddGrpcReflection</c> was not called.</exception>
    public static IEndpointConventionBuilder MapGrpcReflectionService(this IEndpointRouteBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.ServiceProvider.GetService<Lazy<ReflectionAnswers>>() is null)
        {
            throw new InvalidOperationException("Reflection is not among the services of the application: call builder.Services.AddGrpcReflection() first.");
        }

        return new GrpcServiceEndpointConventionBuilder(
            [builder.MapGrpcService<ReflectionServiceV1>(), builder.MapGrpcService<ReflectionServiceV1Alpha>()]);
    }
}
