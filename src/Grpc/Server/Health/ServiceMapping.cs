namespace Grpc.AspNetCore.HealthChecks;

/// <summary>A service and the health checks that it depends on.</summary>
/// <param name="name">The full name of the service; empty for the server as a whole.</param>
/// <param name="predicate">Whether it depends on a check.</param>
public sealed class ServiceMapping(string name, Func<HealthCheckMapContext, bool> predicate)
{
    /// <summary>The full name of the service.</summary>
    public string Name { get; } = name;

    /// <summary>Whether it depends on a check.</summary>
    public Func<HealthCheckMapContext, bool> HealthCheckPredicate { get; } = predicate;
}
