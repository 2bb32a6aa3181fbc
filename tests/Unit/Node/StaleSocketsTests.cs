using System.Net.Sockets;
using Cluster.Node.Workers.Link;
using Xunit;

namespace Cluster.Unit.Node;

public sealed class StaleSocketsTests : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("stale-");

    public void Dispose() => _parent.Delete(recursive: true);

    [Fact]
    public void Only_old_folders_whose_node_is_gone_are_deleted()
    {
        using var living = Listen("living");
        Listen("gone").Dispose();
        _parent.CreateSubdirectory($"{StaleSockets.FolderPrefix}without-socket");
        _parent.CreateSubdirectory("something-else");

        StaleSockets.Sweep(_parent.FullName, new Clock(TimeSpan.FromSeconds(30)));
        Assert.Equal(4, _parent.GetDirectories().Length);

        StaleSockets.Sweep(_parent.FullName, new Clock(TimeSpan.FromMinutes(2)));
        Assert.Equal(
            [$"{StaleSockets.FolderPrefix}living", $"{StaleSockets.FolderPrefix}without-socket", "something-else"],
            _parent.GetDirectories().Select(folder => folder.Name).Order(StringComparer.Ordinal));
    }

    private Socket Listen(string name)
    {
        // As after a kill: disposing a .NET socket would delete its file, so a copy of the name stays behind.
        var folder = _parent.CreateSubdirectory(StaleSockets.FolderPrefix + name);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var bound = Path.Combine(folder.FullName, "bound");
        socket.Bind(new UnixDomainSocketEndPoint(bound));
        socket.Listen();
        File.Move(bound, Path.Combine(folder.FullName, StaleSockets.SocketName));
        return socket;
    }

    private sealed class Clock(TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
    }
}
