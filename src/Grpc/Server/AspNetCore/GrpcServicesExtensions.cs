using Grpc.AspNetCore.Server;
using Grpc.AspNetCore.Server.Calls;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds gRPC to an application.</summary>
public static class GrpcServicesExtensions
{
    /// <summary>Adds gRPC.</summary>
    /// <param name="services">The services of the application.</param>
    public static IGrpcServerBuilder AddGrpc(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddRouting();
        services.AddOptions();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ServiceRegistry>();
        return new GrpcServerBuilder(services);
    }

    /// <summary>Adds gRPC.</summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="configureOptions">Sets the options of all services.</param>
    public static IGrpcServerBuilder AddGrpc(this IServiceCollection services, Action<GrpcServiceOptions> configureOptions)
    {
        IGrpcServerBuilder builder = services.AddGrpc();
        services.Configure(configureOptions);
        return builder;
    }
}
