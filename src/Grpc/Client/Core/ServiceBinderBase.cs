namespace Grpc.Core;

/// <summary>Takes the methods of a service as its generated code lists them.</summary>
public class ServiceBinderBase
{
    /// <summary>Adds a method with one request and one response.</summary>
    /// <typeparam name="TRequest">The request.</typeparam>
    /// <typeparam name="TResponse">The response.</typeparam>
    /// <param name="method">The method.</param>
    /// <param name="handler">Its implementation, or null when only the description is wanted.</param>
    public virtual void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
        where TRequest : class
        where TResponse : class => throw new NotSupportedException();

    /// <summary>Adds a method with a stream of requests.</summary>
    /// <typeparam name="TRequest">The requests.</typeparam>
    /// <typeparam name="TResponse">The response.</typeparam>
    /// <param name="method">The method.</param>
    /// <param name="handler">Its implementation, or null when only the description is wanted.</param>
    public virtual void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
        where TRequest : class
        where TResponse : class => throw new NotSupportedException();

    /// <summary>Adds a method with a stream of responses.</summary>
    /// <typeparam name="TRequest">The request.</typeparam>
    /// <typeparam name="TResponse">The responses.</typeparam>
    /// <param name="method">The method.</param>
    /// <param name="handler">Its implementation, or null when only the description is wanted.</param>
    public virtual void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
        where TRequest : class
        where TResponse : class => throw new NotSupportedException();

    /// <summary>Adds a method with streams both ways.</summary>
    /// <typeparam name="TRequest">The requests.</typeparam>
    /// <typeparam name="TResponse">The responses.</typeparam>
    /// <param name="method">The method.</param>
    /// <param name="handler">Its implementation, or null when only the description is wanted.</param>
    public virtual void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
        where TRequest : class
        where TResponse : class => throw new NotSupportedException();
}
