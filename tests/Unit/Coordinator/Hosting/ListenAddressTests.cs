using Cluster.Coordinator.Hosting;
using Xunit;

namespace Cluster.Unit.Coordinator.Hosting;

/// <summary>What can be listened on, and who could reach it.</summary>
public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("http://127.0.0.1:7070", "http://127.0.0.1:7070", true)]
    [InlineData("http://localhost:0", "http://127.0.0.1:0", true)]
    [InlineData("http://[::1]:80", "http://[::1]:80", true)]
    [InlineData("http://10.0.0.1:7070", "http://10.0.0.1:7070", false)]
    [InlineData("http://*:7070", "http://[::]:7070", false)]
    [InlineData("unix:/tmp/a.sock", "unix:/tmp/a.sock", true)]
    [InlineData("https://*:7070", "https://[::]:7070", false)]
    [InlineData("https://localhost:7070", "https://127.0.0.1:7070", true)]
    public void An_address_is_read(string text, string canonical, bool local)
    {
        var address = ListenAddress.Parse(text);
        Assert.Equal((canonical, local), (address.ToString(), address.IsLocal));
        Assert.Equal(text.StartsWith("https:", StringComparison.Ordinal), address.IsSecure);
    }

    [Theory]
    [InlineData("127.0.0.1:7070")]
    [InlineData("ftp://127.0.0.1:7070")]
    [InlineData("http://example.org:7070")]
    [InlineData("http://127.0.0.1:7070/path")]
    [InlineData("unix:")]
    public void Anything_else_is_refused_with_what_would_do(string text)
    {
        var refusal = Assert.Throws<FormatException>(() => ListenAddress.Parse(text));
        Assert.Contains("unix:/path/to.sock", refusal.Message, StringComparison.Ordinal);
    }
}
