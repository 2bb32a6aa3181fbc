using Grpc.Core;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Grpc.AspNetCore.HealthChecks;

/// <summary>The health service over the application's checks: `Check` runs them, `Watch` follows their periodic reports.</summary>
internal sealed class HealthChecksService(
    HealthServiceImpl published,
    HealthCheckService checks,
    IOptions<GrpcHealthChecksOptions> options,
    IHostApplicationLifetime lifetime) : Health.V1.Health.HealthBase
{
    public override async Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) =>
        options.Value.UseHealthChecksCache || options.Value.Services.FirstOrDefault(mapping => mapping.Name == request.Service) is not { } service
            ? await published.Check(request, context)
            : new HealthCheckResponse { Status = await RunAsync(service, context.CancellationToken) };

    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        foreach (ServiceMapping mapping in options.Value.Services.Where(mapping => mapping.Name == request.Service))
        {
            published.SetStatus(mapping.Name, await RunAsync(mapping, context.CancellationToken));
        }

        if (options.Value.SuppressCompletionOnShutdown)
        {
            await published.Watch(request, responseStream, context);
            return;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            await published.Watch(request, responseStream, new WatchContext(context, ended.Token));
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested && !context.CancellationToken.IsCancellationRequested)
        {
            await responseStream.WriteAsync(new HealthCheckResponse { Status = HealthCheckResponse.Types.ServingStatus.NotServing });
        }
    }

    private async Task<HealthCheckResponse.Types.ServingStatus> RunAsync(ServiceMapping service, CancellationToken cancellationToken) =>
        HealthReports.StatusOf(
            await checks.CheckHealthAsync(check => service.HealthCheckPredicate(new HealthCheckMapContext(check.Name, check.Tags)), cancellationToken),
            service);
}
