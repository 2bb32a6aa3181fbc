using System.IO.Compression;
using System.Net;
using Cluster.Interop.Server;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Testing;
using Xunit;

namespace Cluster.Interop.Traps;

/// <summary>Requests that no client of gRPC sends. Each gets its status, and the server goes on.</summary>
public sealed class MalformedRequestTests
{
    private static readonly byte[] Empty = RawCall.Message([]);

    public static TheoryData<string, byte[], StatusCode> Bodies => new()
    {
        { "no message", [], StatusCode.Internal },
        { "half a header", [0, 0], StatusCode.Internal },
        { "half a message", [0, 0, 0, 0, 9, 1], StatusCode.Internal },
        { "an unknown flag", [7, 0, 0, 0, 0], StatusCode.Internal },
        { "no protobuf", RawCall.Message([0xff, 0xff, 0xff, 0xff, 0xff]), StatusCode.Internal },
        { "a length of 4 GiB", [0, 0xff, 0xff, 0xff, 0xff], StatusCode.ResourceExhausted },
        { "a length above the limit", [0, 0, 0x40, 0, 1], StatusCode.ResourceExhausted },
        { "two messages", [.. Empty, .. Empty], StatusCode.Internal },
        { "compressed without an encoding", RawCall.Message(Gzip([1]), flag: 1), StatusCode.Internal },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_damaged_body_gets_its_status(string what, byte[] body, StatusCode expected)
    {
        await using InteropServer server = await InteropServer.StartAsync();
        using var raw = new RawCall(server.Address);
        CancellationToken token = TestContext.Current.CancellationToken;
        (HttpStatusCode http, int grpc, string message, _) = await raw.PostAsync("UnaryCall", body, token);
        Assert.True((http, (StatusCode)grpc) == (HttpStatusCode.OK, expected), $"{what}: HTTP {http}, {(StatusCode)grpc}, {message}");
        Assert.NotEmpty(message);
        Assert.Equal(0, (await raw.PostAsync("EmptyCall", Empty, token)).Grpc);
    }

    [Fact]
    public async Task A_bomb_is_stopped_by_what_it_inflates_to()
    {
        await using InteropServer server = await InteropServer.StartAsync();
        using var raw = new RawCall(server.Address);
        byte[] bomb = Gzip(new byte[64 * 1024 * 1024]);
        Assert.True(bomb.Length < 100_000);
        (_, int grpc, string message, _) = await raw.PostAsync(
            "UnaryCall", RawCall.Message(bomb, flag: 1), TestContext.Current.CancellationToken, headers: ("grpc-encoding", "gzip"));
        Assert.Equal(StatusCode.ResourceExhausted, (StatusCode)grpc);
        Assert.Contains("4194304", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("grpc-encoding", "snappy", StatusCode.Unimplemented)]
    [InlineData("grpc-timeout", "soon", StatusCode.Internal)]
    [InlineData("grpc-timeout", "123456789S", StatusCode.Internal)]
    public async Task A_header_that_cannot_be_obeyed_gets_its_status(string name, string value, StatusCode expected)
    {
        await using InteropServer server = await InteropServer.StartAsync();
        using var raw = new RawCall(server.Address);
        (_, int grpc, string message, _) = await raw.PostAsync("EmptyCall", Empty, TestContext.Current.CancellationToken, headers: (name, value));
        Assert.Equal(expected, (StatusCode)grpc);
        Assert.Contains(value, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_header_that_is_no_metadata_is_left_out()
    {
        List<string> seen = [];
        await using InteropServer server = await InteropServer.StartAsync(new ScriptedService
        {
            Unary = (_, context) =>
            {
                seen.AddRange(context.RequestHeaders.Select(entry => entry.Key));
                return Task.FromResult(new SimpleResponse());
            },
        });
        using var raw = new RawCall(server.Address);
        (_, int grpc, _, _) = await raw.PostAsync("UnaryCall", Empty, TestContext.Current.CancellationToken, headers: [("x!y", "1"), ("x-y", "2")]);
        Assert.Equal(0, grpc);
        Assert.Contains("x-y", seen);
        Assert.DoesNotContain("x!y", seen);
    }

    [Fact]
    public async Task Damaged_gzip_data_is_internal()
    {
        await using InteropServer server = await InteropServer.StartAsync();
        using var raw = new RawCall(server.Address);
        (_, int grpc, _, _) = await raw.PostAsync("EmptyCall", RawCall.Message([1, 2, 3], flag: 1), TestContext.Current.CancellationToken, headers: ("grpc-encoding", "gzip"));
        Assert.Equal(StatusCode.Internal, (StatusCode)grpc);
    }

    [Fact]
    public async Task Another_content_type_is_refused_in_terms_of_http()
    {
        await using InteropServer server = await InteropServer.StartAsync();
        using var raw = new RawCall(server.Address);
        (HttpStatusCode http, _, _, _) = await raw.PostAsync("EmptyCall", Empty, TestContext.Current.CancellationToken, contentType: "application/json");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, http);
        (http, int grpc, _, _) = await raw.PostAsync("EmptyCall", Empty, TestContext.Current.CancellationToken, contentType: "application/grpc+proto");
        Assert.Equal((HttpStatusCode.OK, 0), (http, grpc));
    }

    [Fact]
    public async Task Binary_metadata_may_be_joined_by_commas_and_be_padded_or_not()
    {
        List<byte[]> seen = [];
        await using InteropServer server = await InteropServer.StartAsync(new ScriptedService
        {
            Unary = (_, context) =>
            {
                seen.AddRange(context.RequestHeaders.GetAll("data-bin").Select(entry => entry.ValueBytes));
                return Task.FromResult(new SimpleResponse());
            },
        });
        using var raw = new RawCall(server.Address);
        (_, int grpc, _, _) = await raw.PostAsync("UnaryCall", Empty, TestContext.Current.CancellationToken, headers: ("data-bin", "AQ==,AQI, AQID"));
        Assert.Equal(0, grpc);
        Assert.Equal([[1], [1, 2], [1, 2, 3]], seen);
    }

    [Fact]
    public async Task Responses_are_compressed_only_where_wanted_and_never_when_empty()
    {
        await using InteropServer server = await InteropServer.StartAsync();
        using var raw = new RawCall(server.Address);
        CancellationToken token = TestContext.Current.CancellationToken;
        byte[] request = RawCall.Message(new SimpleRequest { ResponseSize = 1000, ResponseCompressed = new BoolValue { Value = true } }.ToByteArray());
        Assert.Equal(1, (await raw.PostAsync("UnaryCall", request, token, headers: ("grpc-accept-encoding", "identity, gzip"))).Body[0]);
        Assert.Equal(0, (await raw.PostAsync("UnaryCall", request, token)).Body[0]);
        byte[] none = RawCall.Message(new StreamingOutputCallRequest
        {
            ResponseParameters = { new ResponseParameters { Compressed = new BoolValue { Value = true } } },
        }.ToByteArray());
        (_, int grpc, _, byte[] body) = await raw.PostAsync("StreamingOutputCall", none, token, headers: ("grpc-accept-encoding", "gzip"));
        Assert.Equal(0, grpc);
        Assert.Equal(body[4] == 0 ? 0 : 1, body[0]);
    }

    private static byte[] Gzip(byte[] data)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.SmallestSize))
        {
            gzip.Write(data);
        }

        return compressed.ToArray();
    }
}
