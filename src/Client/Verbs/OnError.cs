namespace Cluster.Client;

/// <summary>What a map does when an item fails.</summary>
public enum OnError
{
    /// <summary>The first failure cancels what has not finished and is thrown. The default.</summary>
    Throw,

    /// <summary>Every item runs; then <see cref="MapFailedException"/> is thrown if any failed.</summary>
    Collect,
}
