namespace Grpc.AspNetCore.HealthChecks;

/// <summary>A health check of the application, for choosing those that a service depends on.</summary>
/// <param name="name">The name of the check.</param>
/// <param name="tags">Its tags.</param>
public sealed class HealthCheckMapContext(string name, IEnumerable<string> tags)
{
    /// <summary>The name of the check.</summary>
    public string Name { get; } = name;

    /// <summary>Its tags.</summary>
    public IEnumerable<string> Tags { get; } = tags;
}
