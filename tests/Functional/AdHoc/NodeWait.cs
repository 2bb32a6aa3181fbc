using Cluster.Client;
using Xunit;

namespace Cluster.Functional.AdHoc;

/// <summary>Looks at the nodes until they are as a test wants them.</summary>
internal static class NodeWait
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Waits until the nodes have so many chunks in hand.</summary>
    public static async Task WaitForChunksAsync(this ClusterClient cluster, int chunks)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        while ((await cluster.NodesAsync(deadline.Token)).Sum(node => node.Chunks) != chunks)
        {
            await Task.Delay(LookAgain, TimeProvider.System, deadline.Token);
        }
    }
}
