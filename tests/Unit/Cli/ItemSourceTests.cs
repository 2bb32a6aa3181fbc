using System.Net.Sockets;
using Cluster.Cli;
using Cluster.Cli.Items;
using Xunit;

namespace Cluster.Unit.Cli;

public sealed class ItemSourceTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    [Fact]
    public async Task Arguments_are_items()
    {
        var source = ItemSource.Choose(["a", "b"], null, stdinIsTerminal: false);
        Assert.Equal(2, source.Count());
        Assert.Equal([("a", "argument 1"), ("b", "argument 2")], await ReadAsync(source));
    }

    [Theory]
    [InlineData("1\n2\n3\n", 3)]
    [InlineData("1\n2\n3", 3)]
    [InlineData("1\r\n\r\n3\r\n", 3)]
    [InlineData("one line without an end", 1)]
    public async Task Lines_of_a_file_are_items(string content, int expected)
    {
        await File.WriteAllTextAsync(_file, content, TestContext.Current.CancellationToken);
        var source = ItemSource.Choose([], _file, stdinIsTerminal: true);
        var lines = await ReadAsync(source);
        Assert.Equal(expected, source.Count());
        Assert.Equal(expected, lines.Count);
        Assert.Equal($"line {expected} of {_file}", lines[^1].Place);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_named()
    {
        // A socket is there and is no directory, and nobody may open it as a file, whoever they are.
        var path = Path.Combine(Path.GetTempPath(), $"items-{Guid.NewGuid():N}");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        try
        {
            var source = ItemSource.Choose([], path, stdinIsTerminal: true);

            Assert.Contains(path, Assert.Throws<UsageException>(() => source.Count()).Message, StringComparison.Ordinal);
            Assert.Contains(path, (await Assert.ThrowsAsync<UsageException>(() => ReadAsync(source))).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Both_arguments_and_a_file_are_too_much() =>
        Assert.Throws<UsageException>(() => ItemSource.Choose(["1"], _file, stdinIsTerminal: false));

    [Fact]
    public void A_terminal_is_not_waited_for() => Assert.Throws<UsageException>(() => ItemSource.Choose([], null, stdinIsTerminal: true));

    [Fact]
    public void A_terminal_is_read_where_it_is_asked_for() => Assert.Null(ItemSource.Choose(["-"], null, stdinIsTerminal: true).Count());

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Assert.Contains("nowhere.txt", Assert.Throws<UsageException>(() => ItemSource.Choose([], "nowhere.txt", false)).Message, StringComparison.Ordinal);

    public void Dispose() => File.Delete(_file);

    private static async Task<List<(string Text, string Place)>> ReadAsync(ItemSource source)
    {
        List<(string, string)> lines = [];
        await foreach (var line in source.ReadAsync(TestContext.Current.CancellationToken))
        {
            lines.Add((line.Text, line.ToString()));
        }

        return lines;
    }
}
