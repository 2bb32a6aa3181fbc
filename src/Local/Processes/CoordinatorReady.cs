namespace Cluster.Local.Processes;

/// <summary>The coordinator's ready line.</summary>
internal sealed record CoordinatorReady
{
    public required string[] Addresses { get; init; }

    /// <summary>The first address that is not a Unix socket.</summary>
    public string HttpAddress => Addresses.First(address => !address.StartsWith("unix:", StringComparison.Ordinal));
}
