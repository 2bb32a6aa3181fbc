using Grpc.Transport;
using Xunit;

namespace Cluster.Unit.Wire;

public sealed class GrpcEndpointTests
{
    [Theory]
    [InlineData("http://127.0.0.1:7070", "http://127.0.0.1:7070/", null)]
    [InlineData("https://host", "https://host/", null)]
    [InlineData("unix:/run/cluster.sock", "http://localhost/", "/run/cluster.sock")]
    [InlineData("unix:///run/cluster.sock", "http://localhost/", "/run/cluster.sock")]
    public void Addresses_are_read(string text, string address, string? socket)
    {
        var endpoint = GrpcEndpoint.Parse(text);
        Assert.Equal((address, socket, text), (endpoint.Address.AbsoluteUri, endpoint.SocketPath, endpoint.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("127.0.0.1:7070")]
    [InlineData("ftp://host")]
    [InlineData("unix:relative.sock")]
    [InlineData("unix:/")]
    [InlineData("unix://host/path")]
    public void What_is_no_address_is_refused_with_an_example(string text) =>
        Assert.Contains("unix:/path", Assert.Throws<FormatException>(() => GrpcEndpoint.Parse(text)).Message, StringComparison.Ordinal);
}
