using Grpc.HealthCheck;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Grpc.AspNetCore.HealthChecks;

/// <summary>Takes the periodic reports of the application's checks to the watchers.</summary>
internal sealed class HealthPublisher(HealthServiceImpl health, IOptions<GrpcHealthChecksOptions> options) : IHealthCheckPublisher
{
    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        foreach (ServiceMapping mapping in options.Value.Services)
        {
            health.SetStatus(mapping.Name, HealthReports.StatusOf(report, mapping));
        }

        return Task.CompletedTask;
    }
}
