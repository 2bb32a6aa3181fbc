using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Cluster.Coordinator.Hosting;

/// <summary>Refuses calls without the token, before anything of them is read.</summary>
internal sealed class BearerTokenMiddleware(RequestDelegate next, BearerToken token)
{
    public Task InvokeAsync(HttpContext context)
    {
        var authorization = context.Request.Headers.Authorization;
        if (authorization.Count == 1 && token.Matches(authorization[0]))
        {
            return next(context);
        }

        // A reply that is over with its headers: what gRPC calls "trailers only".
        var headers = context.Response.Headers;
        context.Response.ContentType = "application/grpc";
        headers["grpc-status"] = StatusCode.Unauthenticated.ToString("D");
        headers["grpc-message"] = authorization.Count == 0
            ? "This coordinator requires a token. Pass it as bearer token in the metadata `authorization` (CLUSTER_TOKEN or --token-file)."
            : "The token is not the one of this coordinator. Check CLUSTER_TOKEN or --token-file.";
        return Task.CompletedTask;
    }
}
