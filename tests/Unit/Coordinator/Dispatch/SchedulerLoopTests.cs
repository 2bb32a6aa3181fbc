using System.Diagnostics.Metrics;
using Cluster.Coordinator.Dispatch;
using Cluster.Coordinator.Hosting;
using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.Nodes;
using Cluster.Coordinator.Scheduling;
using Cluster.Coordinator.Telemetry;
using Cluster.Protocol.V1;
using Cluster.TestKit.Coordinator;
using Cluster.TestKit.Time;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Cluster.Unit.Coordinator.Dispatch;

/// <summary>What the loop does when something in it fails.</summary>
public sealed class SchedulerLoopTests
{
    [Fact]
    public async Task What_a_failed_event_leaves_behind_is_not_carried_out_by_the_next_one()
    {
        var time = new ManualTime();
        var nodes = new NodeRegistry();
        var lifetime = new Lifetime();
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var metrics = new CoordinatorMetrics(services.GetRequiredService<IMeterFactory>());
        await using var loop = new SchedulerLoop(
            new JobRegistry(), nodes, new CoordinatorOptions(), time, metrics, lifetime, NullLogger<SchedulerLoop>.Instance);
        var node = new NodeSession(nodes.NextId(), ScriptedNode.Hello("a"), new NodeLease(time, TimeSpan.FromSeconds(5)), time.GetUtcNow());
        Assert.True(node.TryConnect(new NodeConnection(new Sink<NodeCommand>()), 0, static _ => new Welcome()));
        Assert.True(nodes.TryAdd(node, out _));
        loop.Attach(node);
        var job = new JobSession(new JobId(1), ScriptedJob.Spec(), 1, new InputStore(Format.Raw, sizeof(long), new InputLimits()), new JobOutbox(new Sink<RunReply>(), 1000, static () => { }));
        loop.Open(job);
        Assert.Equal(0, lifetime.Stops);

        // The scheduler dispatches items that nobody has stored.
        loop.InputsAdded(job, new ItemRange(0, 1), sizeof(long));
        Assert.Equal(1, lifetime.Stops);

        // Has nothing to do, and therefore nothing that could fail.
        loop.InputsEnded(job);
        Assert.Equal(1, lifetime.Stops);
    }

    private sealed class Sink<T> : IServerStreamWriter<T>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(T message) => Task.CompletedTask;
    }

    private sealed class Lifetime : IHostApplicationLifetime
    {
        public int Stops { get; private set; }

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => Stops++;
    }
}
