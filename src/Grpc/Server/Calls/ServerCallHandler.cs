using Grpc.Core;
using Grpc.Wire;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>Serves the calls of one method.</summary>
internal sealed class ServerCallHandler<TService, TRequest, TResponse>(
    Method<TRequest, TResponse> method,
    ServerMethod<TService, TRequest, TResponse> invoke,
    ServiceActivator<TService> activator,
    ServerCallOptions options)
    where TService : class
    where TRequest : class
    where TResponse : class
{
    public async Task HandleAsync(HttpContext httpContext)
    {
        if (!RequestHead.IsCall(httpContext))
        {
            return;
        }

        RequestHead.LiftLimits(httpContext);
        var call = new ServerCall(httpContext, method, options);
        try
        {
            call.Begin();
            await InvokeAsync(call, httpContext);
            await call.EndAsync(call.Status, call.ResponseTrailers);
        }
#pragma warning disable CA1031 // Every exception of a service becomes the status of its call.
        catch (Exception e)
#pragma warning restore CA1031
        {
            await call.EndAsync(e);
        }
        finally
        {
            await call.DisposeAsync();
        }
    }

    private async Task InvokeAsync(ServerCall call, HttpContext httpContext)
    {
        var requests = new RequestStreamReader<TRequest>(
            call, new MessageReader<TRequest>(httpContext.Request.BodyReader, method.RequestMarshaller, options.Service.MaxReceiveMessageSize, call.RequestEncoding));
        var responses = new ResponseStreamWriter<TResponse>(call, new MessageWriter<TResponse>(method.ResponseMarshaller, options.Service.MaxSendMessageSize));
        (TService service, bool isOwned) = activator.Get(httpContext.RequestServices);
        try
        {
            await invoke(service, call, requests, responses);
        }
        finally
        {
            await requests.EndAsync();
            if (isOwned)
            {
                await ServiceActivator<TService>.ReleaseAsync(service);
            }
        }
    }
}
