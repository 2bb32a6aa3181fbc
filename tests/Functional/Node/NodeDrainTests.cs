using System.Globalization;
using Cluster.Protocol;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using Cluster.TestKit.Network;
using Xunit;

namespace Cluster.Functional.Node;

/// <summary>What a node says when it is told to leave while it works: all that it owes, and then goodbye.</summary>
public sealed class NodeDrainTests
{
    private const ulong Job = 1;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(4_000, "30", ChunkEnd.Done)]
    [InlineData(600_000, "1", ChunkEnd.Cancelled)]
    public async Task What_has_not_begun_goes_back_at_once_and_what_runs_has_its_grace(int milliseconds, string grace, ChunkEnd running)
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        await using var node = new NodeProcess(coordinator.Address, "--drain-grace", grace);
        var session = await coordinator.AcceptAsync(Token);
        await session.SendAsync(new NodeCommand { OpenJob = new OpenJob { Job = Job, JobId = "job", Spec = Sleeping() } });

        // Two for its workers, two that wait in them.
        for (ulong chunk = 1; chunk <= 4; chunk++)
        {
            await session.SendAsync(new NodeCommand { RunChunk = Chunk(chunk, milliseconds) });
        }

        // A worker that is ready long before the other may have been handed the second one to wait in it.
        ulong[] begun =
        [
            (await session.ReceiveAsync(NodeMessage.MessageOneofCase.ChunkStarted, Token)).ChunkStarted.ChunkId,
            (await session.ReceiveAsync(NodeMessage.MessageOneofCase.ChunkStarted, Token)).ChunkStarted.ChunkId,
        ];
        ulong[] waiting = [.. new ulong[] { 1, 2, 3, 4 }.Except(begun)];
        await node.SignalAsync("TERM");
        var said = await SaidBeforeGoodbyeAsync(session);

        var draining = Assert.Single(said, message => message.Draining is not null).Draining;
        Assert.Equal("told to end (SIGTERM)", draining.Reason);
        Assert.InRange(draining.Grace.ToTimeSpan(), TimeSpan.Zero, TimeSpan.FromSeconds(int.Parse(grace, CultureInfo.InvariantCulture)));
        Assert.Equal(
            [.. waiting.Select(static chunk => (chunk, ChunkEnd.Cancelled)), .. begun.Order().Select(chunk => (chunk, running))],
            EndsOf(said, waiting).Concat(EndsOf(said, begun)));
        Assert.All(said.Where(message => message.ChunkEnded is not null).Take(2), message => Assert.Contains(message.ChunkEnded.ChunkId, waiting));
        session.End();
        Assert.Equal(0, await node.WaitForExitAsync(Token));
    }

    [Fact]
    public async Task A_node_that_drains_is_alive_and_not_ready()
    {
        var port = FreePort.Find();
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        await using var node = new NodeProcess(coordinator.Address, "--drain-grace", "1", "--status-listen", $"http://127.0.0.1:{port}");
        var session = await coordinator.AcceptAsync(Token);
        await session.SendAsync(new NodeCommand { OpenJob = new OpenJob { Job = Job, JobId = "job", Spec = Sleeping() } });
        await session.SendAsync(new NodeCommand { RunChunk = Chunk(1, 600_000) });
        await session.ReceiveAsync(NodeMessage.MessageOneofCase.ChunkStarted, Token);
        var health = new StatusProbe(port);
        Assert.True(await health.IsWellAsync("ready", Token));

        await node.SignalAsync("TERM");
        await session.ReceiveAsync(NodeMessage.MessageOneofCase.Draining, Token);
        Assert.False(await health.IsWellAsync("ready", Token));
        Assert.True(await health.IsWellAsync("live", Token));
        await session.ReceiveAsync(NodeMessage.MessageOneofCase.Goodbye, Token);
        session.End();
        Assert.Equal(0, await node.WaitForExitAsync(Token));
    }

    private static async Task<List<NodeMessage>> SaidBeforeGoodbyeAsync(ScriptedSession session)
    {
        var said = new List<NodeMessage>();
        while (true)
        {
            var message = await session.ReceiveAsync(Token);
            Assert.NotNull(message);
            if (message.Goodbye is not null)
            {
                return said;
            }

            said.Add(message);
        }
    }

    private static IEnumerable<(ulong Chunk, ChunkEnd End)> EndsOf(IEnumerable<NodeMessage> said, ulong[] chunks) => said
        .Where(message => message.ChunkEnded is { } ended && chunks.Contains(ended.ChunkId))
        .Select(message => (message.ChunkEnded.ChunkId, message.ChunkEnded.End))
        .Order();

    // Of the runtime itself, so that nobody needs to be asked for code.
    private static JobSpec Sleeping() => new()
    {
        ProtocolVersion = ProtocolVersion.Current,
        Function = new Function
        {
            Assembly = "System.Private.CoreLib",
            Type = "System.Threading.Thread",
            Method = "Sleep",
            Parameters = { "System.Int32, System.Private.CoreLib" },
        },
        InputFormat = Format.Raw,
        InputStride = sizeof(int),
        Arguments = Arguments.Single,
    };

    private static RunChunk Chunk(ulong id, int item)
    {
        var builder = new BatchBuilder<int>(ItemCodec.For<int>());
        builder.Add(id, item);
        return new RunChunk { ChunkId = id, Job = Job, Attempt = 1, Batches = { builder.TakeAll() }, Last = true };
    }
}
