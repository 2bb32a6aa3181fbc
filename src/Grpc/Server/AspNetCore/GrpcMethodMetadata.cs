using Grpc.Core;

namespace Grpc.AspNetCore.Server;

/// <summary>On the endpoint of each method: what it serves.</summary>
/// <param name="serviceType">The class of the service.</param>
/// <param name="method">The method.</param>
public sealed class GrpcMethodMetadata(Type serviceType, IMethod method)
{
    /// <summary>The class of the service.</summary>
    public Type ServiceType { get; } = serviceType;

    /// <summary>The method.</summary>
    public IMethod Method { get; } = method;
}
