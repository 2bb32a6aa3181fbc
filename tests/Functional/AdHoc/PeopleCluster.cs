using Cluster.Client;
using Cluster.Protocol.V1;
using Cluster.TestKit.Coordinator;
using Cluster.TestKit.Processes;
using Google.Protobuf.WellKnownTypes;
using Grpc.Net.Client;
using Xunit;

namespace Cluster.Functional.AdHoc;

/// <summary>A cluster with two workers and the functions of samples/Functions, and a caller that has none of their code.</summary>
public sealed class PeopleCluster : IAsyncLifetime
{
    private LocalCluster? _local;
    private GrpcChannel? _channel;

    public Protocol.V1.Jobs.JobsClient Jobs { get; private set; } = null!;

    public ClusterClient Client => _local!.Client;

    public async ValueTask InitializeAsync()
    {
        _local = await LocalCluster.StartAsync(new LocalClusterOptions { Nodes = 1, WorkersPerNode = 2 });
        await _local.Client.PushAsync(BuildOutput.Of("samples/Functions", "samples.dll"), "samples");
        _channel = TestChannel.Open(_local.Address);
        Jobs = new Protocol.V1.Jobs.JobsClient(_channel);
    }

    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        await (_local?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    /// <summary>A call of a function for numbers.</summary>
    public static MapRequest Request(string function, params double[] items) => Request(function, items.Select(item => Value.ForNumber(item)));

    /// <summary>A call of a function.</summary>
    public static MapRequest Request(string function, IEnumerable<Value> items) => new() { Function = function, Items = { items } };
}
