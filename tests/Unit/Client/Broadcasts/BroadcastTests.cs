using Cluster.Client;
using Cluster.Client.Broadcasts;
using Cluster.Coordinator.Broadcasts;
using Cluster.Coordinator.Hosting;
using Cluster.Protocol.V1;
using Cluster.TestKit;
using Cluster.TestKit.Coordinator;
using Cluster.TestKit.Network;
using Cluster.TestKit.Time;
using Cluster.Unit.Coordinator.Hosted;
using Grpc.Core;
using Xunit;
using BroadcastsClient = Cluster.Protocol.V1.Broadcasts.BroadcastsClient;

namespace Cluster.Unit.Client.Broadcasts;

/// <summary>Broadcasts at the coordinator: how long they are there, and that clients send again what is lost.</summary>
public sealed class BroadcastTests : IAsyncLifetime
{
    private const int MaxBytes = 100_000;

    private readonly ManualTime _time = new();
    private TestCoordinator _coordinator = null!;
    private TcpFaultProxy _proxy = null!;
    private ClusterClient _client = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _coordinator = await TestCoordinator.StartAsync(static options => options with { MaxBroadcastBytes = MaxBytes }, _time);
        _proxy = new TcpFaultProxy(_coordinator.Address);
        _client = await ClusterClient.ConnectAsync(_proxy.Address, cancellationToken: Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _proxy.DisposeAsync();
        await _coordinator.DisposeAsync();
    }

    [Fact]
    public async Task It_is_there_as_long_as_somebody_has_it_and_a_minute_longer()
    {
        var value = Enumerable.Range(0, 100).ToArray();
        var one = await _client.BroadcastAsync(value, Token).Within();
        var same = await _client.BroadcastAsync(value.ToArray(), Token).Within();
        Assert.Same(value, one.Value);
        Assert.Equal(64 + (4 * 100), one.Size);
        _time.Advance(BroadcastStore.Grace + BroadcastStore.Grace);
        Assert.True(await IsThereAsync(one));

        await one.DisposeAsync();
        await one.DisposeAsync();
        await _client.BroadcastAsync("something else, after which the coordinator knows", Token).Within();
        _time.Advance(BroadcastStore.Grace + BroadcastStore.Grace);
        Assert.True(await IsThereAsync(same));

        await same.DisposeAsync();
        await _client.BroadcastAsync("and another", Token).Within();
        Assert.True(await IsThereAsync(same));
        _time.Advance(BroadcastStore.Grace + BroadcastStore.Grace);
        Assert.False(await IsThereAsync(same));
    }

    [Fact]
    public async Task It_goes_with_its_client()
    {
        var client = await ClusterClient.ConnectAsync(_coordinator.Address, cancellationToken: Token);
        var broadcast = await client.BroadcastAsync("text", Token).Within();
        Assert.True(await IsThereAsync(broadcast));
        await client.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.BroadcastAsync("text", Token));
        for (var i = 0; await IsThereAsync(broadcast); i++)
        {
            // The coordinator has yet to see that the call has ended.
            Assert.True(i < 1000, "It is still there.");
            _time.Advance(BroadcastStore.Grace);
        }
    }

    [Fact]
    public async Task A_connection_may_break()
    {
        var broadcast = await _client.BroadcastAsync("text", Token).Within();
        for (var i = 0; i < 5; i++)
        {
            _proxy.Reset();
            await _client.BroadcastAsync($"text {i}", Token).Within();
        }

        _time.Advance(2 * BroadcastStore.Grace);
        Assert.True(await IsThereAsync(broadcast));
    }

    [Fact]
    public async Task What_a_coordinator_has_lost_it_is_sent_again()
    {
        var broadcast = await _client.BroadcastAsync("text", Token).Within();
        var address = _coordinator.Address;
        await _coordinator.DisposeAsync();
        _coordinator = await TestCoordinator.StartAsync(options => options with { Listen = [ListenAddress.Parse(address)] });
        await _client.BroadcastAsync("another, which is sent behind it", Token).Within();
        Assert.True(await IsThereAsync(broadcast));
    }

    [Fact]
    public async Task Too_much_is_refused_and_hurts_nobody_else()
    {
        var small = await _client.BroadcastAsync("text", Token).Within();
        var alone = await Assert.ThrowsAsync<ClusterException>(() => _client.BroadcastAsync(new byte[MaxBytes], Token).Within());
        Assert.Contains("System.Byte[]", alone.Message, StringComparison.Ordinal);
        var half = await _client.BroadcastAsync(new byte[MaxBytes / 2], Token).Within();
        var together = await Assert.ThrowsAsync<ClusterException>(() => _client.BroadcastAsync(new byte[(MaxBytes / 2) + 1], Token).Within());
        Assert.Contains("--max-broadcast-mib", together.Message, StringComparison.Ordinal);
        Assert.True(await IsThereAsync(small));
        Assert.True(await IsThereAsync(half));

        await half.DisposeAsync();
        await _client.BroadcastAsync("after which the coordinator knows", Token).Within();
        _time.Advance(2 * BroadcastStore.Grace);
        await _client.BroadcastAsync(new byte[(MaxBytes / 2) + 1], Token).Within();
    }

    [Fact]
    public async Task What_is_uploaded_and_held_by_nobody_goes()
    {
        using var content = await BroadcastFile.WriteAsync("text", Token);
        var bytes = new byte[(int)content.File.Size];
        RandomAccess.Read(content.Content, bytes, 0);
        using var channel = TestChannel.Open(_coordinator.Address);
        using var upload = new BroadcastsClient(channel).Upload(cancellationToken: Token);
        await upload.RequestStream.WriteAsync(new FileBlock { File = content.File, Data = Google.Protobuf.ByteString.CopyFrom(bytes) }, Token);
        await upload.RequestStream.CompleteAsync();
        await upload.ResponseAsync;
        Assert.True(await IsThereAsync(content.File));
        _time.Advance(2 * BroadcastStore.Grace);
        Assert.False(await IsThereAsync(content.File));
    }

    [Fact]
    public async Task Nothing_is_no_value()
    {
        await Assert.ThrowsAsync<ArgumentNullException>(() => _client.BroadcastAsync<string>(null!, Token));
        var exception = await Assert.ThrowsAsync<ClusterException>(() => _client.BroadcastAsync(new MemoryStream(), Token).Within());
        Assert.Contains("MemoryStream", exception.Message, StringComparison.Ordinal);
    }

    private Task<bool> IsThereAsync<T>(Broadcast<T> broadcast) => IsThereAsync(((IBroadcast)broadcast).File);

    private async Task<bool> IsThereAsync(CodeFile file)
    {
        using var channel = TestChannel.Open(_coordinator.Address);
        using var call = new BroadcastsClient(channel).Download(new DownloadRequest { Sha256 = file.Sha256 }, cancellationToken: Token);
        try
        {
            var length = 0L;
            while (await call.ResponseStream.MoveNext(Token))
            {
                length += call.ResponseStream.Current.Data.Length;
            }

            return length == (long)file.Size;
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.NotFound)
        {
            Assert.Contains("disposed", exception.Status.Detail, StringComparison.Ordinal);
            return false;
        }
    }
}
