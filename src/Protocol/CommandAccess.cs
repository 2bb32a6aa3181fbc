namespace Cluster.Protocol;

/// <summary>How it is told that tasks may run programs of a node's machine (<c>--allow-commands</c>).</summary>
public static class CommandAccess
{
    /// <summary>The label of such nodes, for jobs that require it; its value is <c>true</c>.</summary>
    public const string NodeLabel = "cluster.commands";

    /// <summary>The environment variable that tells a worker; its value is <c>1</c>.</summary>
    public const string Variable = "CLUSTER_ALLOW_COMMANDS";
}
