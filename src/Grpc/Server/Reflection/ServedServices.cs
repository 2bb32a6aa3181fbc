using System.Reflection;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Grpc.Reflection;

/// <summary>Finds the descriptors of the services that are mapped.</summary>
internal static class ServedServices
{
    // All that is mapped is known only after start-up, so this is called with the first question.
    public static IEnumerable<ServiceDescriptor> Find(IServiceProvider services) => services.GetRequiredService<EndpointDataSource>().Endpoints
        .Select(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.ServiceType)
        .OfType<Type>()
        .Distinct()
        .Select(DescriptorOf)
        .OfType<ServiceDescriptor>();

    // A service that was not generated from a .proto file has no descriptor, and is not shown.
    private static ServiceDescriptor? DescriptorOf(Type serviceType)
    {
        for (Type? type = serviceType; type is not null; type = type.BaseType)
        {
            if (type.GetCustomAttribute<BindServiceMethodAttribute>() is { } attribute)
            {
                return attribute.BindType.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) as ServiceDescriptor;
            }
        }

        return null;
    }
}
