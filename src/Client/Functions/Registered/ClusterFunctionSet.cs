using Cluster.Protocol.V1;

namespace Cluster.Client;

/// <summary>Functions that were pushed together, under one name.</summary>
public sealed record ClusterFunctionSet
{
    /// <summary>Its name, such as <c>samples</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The beginning of the hash of its code: the same code has the same version everywhere.</summary>
    public required string Version { get; init; }

    /// <summary>When this version was pushed.</summary>
    public DateTimeOffset RegisteredAt { get; init; }

    /// <summary>What can be called, by name.</summary>
    public IReadOnlyList<ClusterFunctionInfo> Functions { get; init; } = [];

    /// <summary>Versions of it that can be called besides, as <c>samples@VERSION/square</c>; the last one first.</summary>
    public IReadOnlyList<string> OtherVersions { get; init; } = [];

    internal static ClusterFunctionSet From(FunctionSet set) => new()
    {
        Name = set.Name,
        Version = set.Version,
        RegisteredAt = set.RegisteredAt?.ToDateTimeOffset() ?? DateTimeOffset.MinValue,
        Functions = [.. set.Functions.Select(ClusterFunctionInfo.From)],
        OtherVersions = [.. set.OtherVersions.Select(static other => other.Version)],
    };
}
