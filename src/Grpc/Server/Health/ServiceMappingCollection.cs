using System.Collections;

namespace Grpc.AspNetCore.HealthChecks;

/// <summary>The services whose health is told, by name.</summary>
public sealed class ServiceMappingCollection : IEnumerable<ServiceMapping>
{
    private readonly Dictionary<string, ServiceMapping> _mappings = [];

    /// <summary>Adds a service, or replaces its mapping.</summary>
    /// <param name="name">The full name of the service; empty for the server as a whole.</param>
    /// <param name="predicate">Whether it depends on a check.</param>
    public void Map(string name, Func<HealthCheckMapContext, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(predicate);
        _mappings[name] = new ServiceMapping(name, predicate);
    }

    /// <summary>Removes all services.</summary>
    public void Clear() => _mappings.Clear();

    /// <inheritdoc/>
    public IEnumerator<ServiceMapping> GetEnumerator() => _mappings.Values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
