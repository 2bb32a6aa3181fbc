using Cluster.Coordinator.Telemetry;
using Cluster.Protocol;
using Grpc.Core;
using Grpc.Transport;
using Microsoft.AspNetCore.Http;

namespace Cluster.Coordinator.Hosting.Tls;

/// <summary>Refuses calls over TLS from who has no certificate of the right authority, before anything of them is read.</summary>
internal sealed class ClientCertificateMiddleware(RequestDelegate next, CoordinatorMetrics metrics)
{
    public Task InvokeAsync(HttpContext context)
    {
        // Without TLS there are only sockets and loopback addresses, which the options would not allow otherwise.
        if (!context.Request.IsHttps || ClientVerdict.On(context).Refusal is not { } refusal)
        {
            return next(context);
        }

        metrics.Refused("certificate");
        context.Response.Headers[Refusal.MetadataKey] = Refusal.ClientCertificate;
        return context.RejectCallAsync(new Status(
            StatusCode.Unauthenticated, $"This coordinator requires a client certificate of an authority that it trusts (its --tls-client-ca). {refusal}"));
    }
}
