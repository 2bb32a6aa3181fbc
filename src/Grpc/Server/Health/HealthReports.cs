using Grpc.Health.V1;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Grpc.AspNetCore.HealthChecks;

/// <summary>What reports of the application's checks mean for services.</summary>
internal static class HealthReports
{
    public static HealthCheckResponse.Types.ServingStatus StatusOf(HealthReport report, ServiceMapping mapping)
    {
        foreach ((string name, HealthReportEntry entry) in report.Entries)
        {
            // Degraded is slow, not down.
            if (entry.Status == HealthStatus.Unhealthy && mapping.HealthCheckPredicate(new HealthCheckMapContext(name, entry.Tags)))
            {
                return HealthCheckResponse.Types.ServingStatus.NotServing;
            }
        }

        return HealthCheckResponse.Types.ServingStatus.Serving;
    }
}
