using System.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>Finds the methods of a service class and makes a handler of each.</summary>
internal sealed class ServiceBinder<TService>(ServerCallOptions options) : ServiceBinderBase
    where TService : class
{
    private readonly ServiceActivator<TService> _activator = new();
    private readonly List<(IMethod Method, RequestDelegate Handler)> _methods = [];

    private delegate Task<TResponse> Unary<TRequest, TResponse>(TService service, TRequest request, ServerCallContext context);

    private delegate Task<TResponse> ClientStreaming<TRequest, TResponse>(TService service, IAsyncStreamReader<TRequest> requests, ServerCallContext context);

    private delegate Task ServerStreaming<TRequest, TResponse>(TService service, TRequest request, IServerStreamWriter<TResponse> responses, ServerCallContext context);

    private delegate Task DuplexStreaming<TRequest, TResponse>(
        TService service, IAsyncStreamReader<TRequest> requests, IServerStreamWriter<TResponse> responses, ServerCallContext context);

    public IReadOnlyList<(IMethod Method, RequestDelegate Handler)> Methods => _methods;

    /// <exception cref="InvalidOperationException">The class does not derive from the generated base of a service.</exception>
    public void Bind()
    {
        for (Type? type = typeof(TService); type is not null; type = type.BaseType)
        {
            if (type.GetCustomAttribute<BindServiceMethodAttribute>() is { } attribute)
            {
                MethodInfo bind = attribute.BindType.GetMethod(attribute.BindMethodName, BindingFlags.Public | BindingFlags.Static, [typeof(ServiceBinderBase), type])
                    ?? throw new InvalidOperationException($"{attribute.BindType} has no method {attribute.BindMethodName}(ServiceBinderBase, {type.Name}).");
                bind.Invoke(null, [this, null]);
                return;
            }
        }

        throw new InvalidOperationException($"{typeof(TService)} cannot be served: it does not derive from the base class that is generated for a service.");
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
    {
        var implementation = Implementation<Unary<TRequest, TResponse>>(method, typeof(TRequest), typeof(ServerCallContext));
        Add(method, async (service, call, requests, responses) =>
        {
            TResponse response = await implementation(service, await requests.ReadSingleAsync(), call);
            await responses.WriteAsync(response);
        });
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var implementation = Implementation<ClientStreaming<TRequest, TResponse>>(method, typeof(IAsyncStreamReader<TRequest>), typeof(ServerCallContext));
        Add(method, async (service, call, requests, responses) => await responses.WriteAsync(await implementation(service, requests, call)));
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var implementation = Implementation<ServerStreaming<TRequest, TResponse>>(method, typeof(TRequest), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        Add(method, async (service, call, requests, responses) => await implementation(service, await requests.ReadSingleAsync(), responses, call));
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
    {
        var implementation = Implementation<DuplexStreaming<TRequest, TResponse>>(
            method, typeof(IAsyncStreamReader<TRequest>), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
        Add(method, (service, call, requests, responses) => implementation(service, requests, responses, call));
    }

    // The most derived override, called on the instance of each call.
    private static TDelegate Implementation<TDelegate>(IMethod method, params Type[] parameters)
        where TDelegate : Delegate
    {
        MethodInfo info = typeof(TService).GetMethod(method.Name, BindingFlags.Public | BindingFlags.Instance, parameters)
            ?? throw new InvalidOperationException($"{typeof(TService)} has no method {method.Name}({string.Join(", ", parameters.Select(type => type.Name))}).");
        return info.CreateDelegate<TDelegate>();
    }

    private void Add<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerMethod<TService, TRequest, TResponse> invoke)
        where TRequest : class
        where TResponse : class =>
        _methods.Add((method, new ServerCallHandler<TService, TRequest, TResponse>(method, invoke, _activator, options).HandleAsync));
}
