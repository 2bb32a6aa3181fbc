using Grpc.Core;
using Grpc.Transport;
using Microsoft.AspNetCore.Http;

namespace Cluster.Coordinator.Hosting;

/// <summary>Refuses calls without the token, before anything of them is read.</summary>
internal sealed class BearerTokenMiddleware(RequestDelegate next, BearerToken token)
{
    private const string NoToken =
        "This coordinator requires a token. Pass it as bearer token in the metadata `authorization` (CLUSTER_TOKEN or --token-file).";

    private const string WrongToken = "The token is not the one of this coordinator. Check CLUSTER_TOKEN or --token-file.";

    public Task InvokeAsync(HttpContext context)
    {
        var authorization = context.Request.Headers.Authorization;
        if (authorization.Count == 1 && token.Matches(authorization[0]))
        {
            return next(context);
        }

        return context.RejectCallAsync(new Status(StatusCode.Unauthenticated, authorization.Count == 0 ? NoToken : WrongToken));
    }
}
