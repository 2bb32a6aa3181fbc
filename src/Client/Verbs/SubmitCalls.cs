using Cluster.Protocol.V1;

namespace Cluster.Client;

/// <summary>What the forms of <c>Submit</c> have in common.</summary>
internal static class SubmitCalls
{
    public static ClusterFuture<TResult> Submit<TItem, TResult>(
        ClusterClient cluster, Delegate function, TItem item, Arguments arguments, TaskOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(function);
        return cluster.Submissions.Submit<TItem, TResult>(function, item, arguments, options ?? TaskOptions.Default, cancellationToken);
    }
}
