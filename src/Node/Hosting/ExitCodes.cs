namespace Cluster.Node.Hosting;

/// <summary>How the node's process ends.</summary>
internal static class ExitCodes
{
    /// <summary>It was asked to end.</summary>
    public const int Success = 0;

    /// <summary>Something failed that trying again does not mend, such as workers that cannot start.</summary>
    public const int Failure = 1;

    /// <summary>The command line makes no sense.</summary>
    public const int Usage = 2;

    /// <summary>The coordinator does not take this node, or it does not trust the coordinator: version, token, certificate or the kind of address is wrong.</summary>
    public const int Refused = 3;
}
