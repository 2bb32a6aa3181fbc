using Grpc.Reflection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds reflection to an application.</summary>
public static class GrpcReflectionServiceExtensions
{
    /// <summary>Adds reflection, which lets tools call services without their .proto files.</summary>
    /// <param name="services">The services of the application.</param>
    public static IServiceCollection AddGrpcReflection(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(static provider => new Lazy<ReflectionAnswers>(() => new ReflectionAnswers(new DescriptorIndex(ServedServices.Find(provider)))));
        return services;
    }
}
