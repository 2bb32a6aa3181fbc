using System.Net;
using System.Net.Sockets;
using System.Text;
using Cluster.Interop.Server;
using Xunit;

namespace Cluster.Interop.Traps;

/// <summary>Bytes that are no HTTP/2, or HTTP/2 that makes no sense: the connection ends, and the server goes on.</summary>
public sealed class RawFrameTests
{
    private static readonly byte[] Preface = Encoding.ASCII.GetBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    private static readonly byte[] Settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];

    public static TheoryData<string, byte[]> Openings => new()
    {
        { "not the preface", Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n") },
        { "half a preface", Preface[..10] },
        { "a frame that is too large", [.. Preface, .. Settings, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 1] },
        { "data on an idle stream", [.. Preface, .. Settings, 0, 0, 1, 0, 0, 0, 0, 0, 1, 42] },
        { "headers that are no HPACK", [.. Preface, .. Settings, 0, 0, 4, 1, 4, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff] },
        { "a reset of an idle stream", [.. Preface, .. Settings, 0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 8] },
        { "a window beyond its maximum", [.. Preface, .. Settings, 0, 0, 4, 8, 0, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff] },
        { "an unknown frame, then the end", [.. Preface, .. Settings, 0, 0, 0, 0xee, 0, 0, 0, 0, 0] },
    };

    [Theory]
    [MemberData(nameof(Openings))]
    public async Task The_server_survives(string what, byte[] bytes)
    {
        await using InteropServer server = await InteropServer.StartAsync();
        await SendAsync(server, bytes);
        await AssertServesAsync(server, what);
    }

    [Fact]
    public async Task The_server_survives_random_bytes()
    {
        await using InteropServer server = await InteropServer.StartAsync();
        var random = new Random(7541);
        for (int i = 0; i < 100; i++)
        {
            byte[] noise = new byte[random.Next(1, 2000)];
            random.NextBytes(noise);
            await SendAsync(server, random.Next(2) == 0 ? noise : [.. Preface, .. Settings, .. noise]);
        }

        await AssertServesAsync(server, "random bytes");
    }

    // Reading until the server closes, or has nothing to say after we did, makes sure that it has taken the bytes.
    private static async Task SendAsync(InteropServer server, byte[] bytes)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPEndPoint.Parse(server.Authority), TestContext.Current.CancellationToken);
        try
        {
            await socket.SendAsync(bytes, TestContext.Current.CancellationToken);
            socket.Shutdown(SocketShutdown.Send);
            byte[] buffer = new byte[4096];
            while (await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken) > 0)
            {
            }
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown or SocketError.ConnectionAborted)
        {
            // It hung up first, which is an answer too.
        }
    }

    private static async Task AssertServesAsync(InteropServer server, string after)
    {
        using var raw = new RawCall(server.Address);
        (_, int grpc, _, _) = await raw.PostAsync("EmptyCall", RawCall.Message([]), TestContext.Current.CancellationToken);
        Assert.True(grpc == 0, $"After {after} the server answers with status {grpc}.");
    }
}
