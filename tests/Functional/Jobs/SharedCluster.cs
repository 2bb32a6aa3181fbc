using Cluster.Client;
using Xunit;

[assembly: AssemblyFixture(typeof(Cluster.Functional.Jobs.SharedCluster))]

namespace Cluster.Functional.Jobs;

/// <summary>One node with two workers, for the tests that leave it as they found it.</summary>
public sealed class SharedCluster : IAsyncLifetime
{
    private LocalCluster? _local;

    public ClusterClient Client => _local!.Client;

    public async ValueTask InitializeAsync() =>
        _local = await LocalCluster.StartAsync(new LocalClusterOptions { Nodes = 1, WorkersPerNode = 2 });

    public ValueTask DisposeAsync() => _local?.DisposeAsync() ?? ValueTask.CompletedTask;
}
