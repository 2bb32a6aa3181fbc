using Grpc.AspNetCore.HealthChecks;
using Grpc.HealthCheck;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the health service to an application.</summary>
public static class GrpcHealthChecksServiceExtensions
{
    /// <summary>Adds the health service. The server as a whole depends on all checks.</summary>
    /// <param name="services">The services of the application.</param>
    /// <returns>A builder to add checks to.</returns>
    public static IHealthChecksBuilder AddGrpcHealthChecks(this IServiceCollection services) => services.AddGrpcHealthChecks(static _ => { });

    /// <summary>Adds the health service.</summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="configure">Says which services depend on which checks.</param>
    /// <returns>A builder to add checks to.</returns>
    public static IHealthChecksBuilder AddGrpcHealthChecks(this IServiceCollection services, Action<GrpcHealthChecksOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<HealthServiceImpl>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHealthCheckPublisher, HealthPublisher>());
        services.Configure<GrpcHealthChecksOptions>(static options => options.Services.Map("", static _ => true));
        services.Configure(configure);
        return services.AddHealthChecks();
    }
}
