using Cluster.Coordinator.Telemetry;
using Grpc.Core;
using Grpc.Transport;
using Microsoft.AspNetCore.Http;

namespace Cluster.Coordinator.Hosting.Access;

/// <summary>Refuses calls without a token, or with one that does not do, before anything of them is read.</summary>
internal sealed class AccessMiddleware(RequestDelegate next, AccessTokens tokens, CallRate rate, CoordinatorMetrics metrics, ILogger<AccessMiddleware> logger)
{
    private const string NoToken =
        "This coordinator requires a token. Pass it as bearer token in the metadata `authorization` (CLUSTER_TOKEN or --token-file).";

    private const string WrongToken = "The token is not one of this coordinator's. Check CLUSTER_TOKEN or --token-file.";

    public Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        var authorization = context.Request.Headers.Authorization;
        if (authorization.Count != 1 || tokens.Find(authorization[0]) is not { } caller)
        {
            metrics.Refused("token");
            AccessLog.Unknown(logger, Name(path), context.Connection.RemoteIpAddress);
            return context.RejectCallAsync(new Status(StatusCode.Unauthenticated, authorization.Count == 0 ? NoToken : WrongToken));
        }

        var allowed = MethodAccess.Of(path);
        if ((allowed & caller.Role) == 0)
        {
            metrics.Refused("role");
            AccessLog.NotAllowed(logger, Name(path), caller.Name, caller.Role);
            return context.RejectCallAsync(new Status(
                StatusCode.PermissionDenied, $"The token '{caller.Name}' has the role {Word(caller.Role)}; {path} takes {Words(allowed)}. Use a token of such a role."));
        }

        if (MethodAccess.IsCostly(path) && !rate.TryBegin(caller.Name))
        {
            metrics.Refused("rate");
            AccessLog.TooMany(logger, path, caller.Name);
            return context.RejectCallAsync(new Status(
                StatusCode.ResourceExhausted, $"The token '{caller.Name}' has begun too many jobs and uploads in a short time. Wait a moment, put more items into each job, or raise the coordinator's --max-call-rate."));
        }

        context.Features.Set(caller);
        return next(context);
    }

    // A stranger chooses the path, and logs are read by people and programs.
    private static string Name(string path) => MethodAccess.IsKnown(path) ? path : "an unknown method";

    private static string Words(Role roles) =>
        string.Join(" or ", Enum.GetValues<Role>().Where(role => role is not Role.None and not Role.Any && roles.HasFlag(role)).Select(Word));

    private static string Word(Role role) => role.ToString().ToLowerInvariant();
}
