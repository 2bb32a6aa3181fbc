using System.Net;
using System.Net.Sockets;
using System.Text;
using Cluster.Client;
using Cluster.Protocol.V1;
using Cluster.TestKit;
using Cluster.TestKit.FakeCoordinators;
using Cluster.TestKit.Network;
using Xunit;

namespace Cluster.Unit.Client;

public sealed class ConnectTests
{
    private static readonly ClusterClientOptions Impatient = new() { ConnectTimeout = TimeSpan.FromMilliseconds(300) };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("127.0.0.1:7070")]
    [InlineData("ftp://127.0.0.1:7070")]
    [InlineData("unix:")]
    public async Task An_address_that_is_none_is_refused(string address)
    {
        await Assert.ThrowsAsync<ArgumentException>(nameof(address), () => ClusterClient.ConnectAsync(address, cancellationToken: Token));
    }

    [Fact]
    public async Task Nothing_that_listens_is_dialled_until_the_timeout()
    {
        var address = $"http://127.0.0.1:{FreePort.Find()}";

        var unavailable = await FailAsync(address);

        Assert.True(unavailable.IsTransient);
        Assert.Contains($"Nothing listens at {address}", unavailable.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_coordinator_that_starts_late_is_found()
    {
        var port = FreePort.Find();
        var connecting = ClusterClient.ConnectAsync($"http://127.0.0.1:{port}", cancellationToken: Token);
        Assert.False(connecting.IsCompletedSuccessfully);

        await using var coordinator = await FakeCoordinator.StartAsync(FakeScripts.EchoAsync, port: port);
        await using var cluster = await connecting.Within();

        Assert.Empty(await cluster.NodesAsync(Token));
    }

    [Fact]
    public async Task An_http_1_server_is_named_as_such()
    {
        await using var server = new OneReplyServer("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        var unavailable = await FailAsync(server.Address);

        Assert.False(unavailable.IsTransient);
        Assert.Contains("no coordinator: it speaks HTTP/1.1 only", unavailable.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_of_another_protocol_is_quoted()
    {
        await using var server = new OneReplyServer("220 mail.example.org ESMTP\r\n");

        var unavailable = await FailAsync(server.Address);

        Assert.Contains("it answered '220 mail.example.org", unavailable.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_never_answers_is_reported_after_the_timeout()
    {
        await using var server = new OneReplyServer("");

        var unavailable = await FailAsync(server.Address);

        Assert.Contains("accepts connections but does not answer", unavailable.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tls_server_is_recognized_and_so_is_one_without()
    {
        await using var tls = new OneReplyServer("\u0015\u0003\u0003\0\u0002\u0002\u0016");
        await using var plain = new OneReplyServer("220 mail.example.org ESMTP\r\n");

        var wantsTls = await FailAsync(tls.Address);
        var wantsNone = await FailAsync(plain.Address.Replace("http:", "https:", StringComparison.Ordinal));

        Assert.Contains("use an https:// address", wantsTls.Message, StringComparison.Ordinal);
        Assert.Contains("does not speak TLS", wantsNone.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_grpc_server_without_the_service_is_no_coordinator()
    {
        await using var server = await FakeCoordinator.StartAsync(FakeScripts.EchoAsync, withNodes: false);

        var unavailable = await FailAsync(server.Address);

        Assert.False(unavailable.IsTransient);
        Assert.Contains("no coordinator", unavailable.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Protocols_that_do_not_meet_are_refused_with_both_sides_and_the_fix()
    {
        var info = new CoordinatorInfo { Version = "9.0.0", MinProtocolVersion = 7, ProtocolVersion = 9 };
        await using var coordinator = await FakeCoordinator.StartAsync(FakeScripts.EchoAsync, info);

        var unavailable = await FailAsync(coordinator.Address);

        Assert.False(unavailable.IsTransient);
        Assert.Contains("client 0.1.0", unavailable.Message, StringComparison.Ordinal);
        Assert.Contains("coordinator 9.0.0", unavailable.Message, StringComparison.Ordinal);
        Assert.Contains("Update", unavailable.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_token_comes_from_the_option_or_the_file_and_is_never_printed()
    {
        await using var coordinator = await FakeCoordinator.StartAsync(FakeScripts.EchoAsync, token: "s3cret");
        var file = Path.Combine(Path.GetTempPath(), $"token-{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(file, "s3cret\n", Token);
        try
        {
            await using var byFile = await ClusterClient.ConnectAsync(coordinator.Address, new ClusterClientOptions { TokenFile = file }, Token);
            await using var byOption = await ClusterClient.ConnectAsync(coordinator.Address, new ClusterClientOptions { Token = "s3cret" }, Token);
            var refused = await Assert.ThrowsAsync<ClusterUnavailableException>(
                () => ClusterClient.ConnectAsync(coordinator.Address, new ClusterClientOptions { Token = "wr0ng" }, Token));

            Assert.Contains("CLUSTER_TOKEN", refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("wr0ng", refused.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("s3cret", new ClusterClientOptions { Token = "s3cret" }.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Nodes_are_listed_by_name()
    {
        NodeInfo[] nodes =
        [
            new NodeInfo { Name = "b", State = NodeState.Suspect, Slots = 2 },
            new NodeInfo { Name = "a", State = NodeState.Ready, Slots = 4, Labels = { ["gpu"] = "1" } },
        ];
        await using var coordinator = await FakeCoordinator.StartAsync(FakeScripts.EchoAsync, nodes: nodes);
        await using var cluster = await ClusterClient.ConnectAsync(coordinator.Address, cancellationToken: Token);

        var listed = await cluster.NodesAsync(Token);

        Assert.Equal(["a", "b"], listed.Select(node => node.Name));
        Assert.Equal([true, false], listed.Select(node => node.IsReady));
        Assert.Equal("1", listed[0].Labels["gpu"]);
    }

    private static async Task<ClusterUnavailableException> FailAsync(string address) =>
        await Assert.ThrowsAsync<ClusterUnavailableException>(() => ClusterClient.ConnectAsync(address, Impatient, Token).Within());

    /// <summary>Says the same thing to everybody who connects and has said something; nothing, if it has nothing to say.</summary>
    private sealed class OneReplyServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _over = new();
        private readonly byte[] _reply;
        private readonly Task _serving;

        public OneReplyServer(string reply)
        {
            _reply = Encoding.Latin1.GetBytes(reply);
            _listener.Start();
            _serving = ServeAsync();
        }

        public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

        public async ValueTask DisposeAsync()
        {
            await _over.CancelAsync();
            await _serving;
            _listener.Dispose();
            _over.Dispose();
        }

        private async Task ServeAsync()
        {
            var clients = new List<Task>();
            try
            {
                while (true)
                {
                    clients.Add(AnswerAsync(await _listener.AcceptSocketAsync(_over.Token)));
                }
            }
            catch (OperationCanceledException)
            {
                await Task.WhenAll(clients);
            }
        }

        private async Task AnswerAsync(Socket client)
        {
            using (client)
            {
                try
                {
                    var received = new byte[1024];
                    var length = await client.ReceiveAsync(received);
                    if (length > 0 && _reply.Length > 0)
                    {
                        await client.SendAsync(_reply);
                        client.Shutdown(SocketShutdown.Send);
                    }

                    while (length > 0)
                    {
                        length = await client.ReceiveAsync(received);
                    }
                }
                catch (SocketException)
                {
                    // The client has seen enough.
                }
            }
        }
    }
}
