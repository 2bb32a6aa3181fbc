namespace Grpc.Core;

/// <summary>A method: its name, its kind and how its messages become bytes.</summary>
/// <typeparam name="TRequest">Messages from the client.</typeparam>
/// <typeparam name="TResponse">Messages from the server.</typeparam>
/// <param name="type">Which sides are streams.</param>
/// <param name="serviceName">The full name of the service.</param>
/// <param name="name">The name of the method.</param>
/// <param name="requestMarshaller">Bytes from and to requests.</param>
/// <param name="responseMarshaller">Bytes from and to responses.</param>
public class Method<TRequest, TResponse>(
    MethodType type,
    string serviceName,
    string name,
    Marshaller<TRequest> requestMarshaller,
    Marshaller<TResponse> responseMarshaller) : IMethod
{
    /// <inheritdoc/>
    public MethodType Type { get; } = type;

    /// <inheritdoc/>
    public string ServiceName { get; } = serviceName;

    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <summary>Bytes from and to requests.</summary>
    public Marshaller<TRequest> RequestMarshaller { get; } = requestMarshaller;

    /// <summary>Bytes from and to responses.</summary>
    public Marshaller<TResponse> ResponseMarshaller { get; } = responseMarshaller;

    /// <inheritdoc/>
    public string FullName { get; } = $"/{serviceName}/{name}";
}
