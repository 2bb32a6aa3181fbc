using System.Net.Sockets;

namespace Cluster.Node.Workers.Link;

/// <summary>Folders of nodes that were killed and could not clean up after themselves.</summary>
internal static class StaleSockets
{
    public const string FolderPrefix = "cluster-node-";

    public const string SocketName = "w";

    /// <summary>A younger folder may belong to a node that is about to listen.</summary>
    private static readonly TimeSpan MinAge = TimeSpan.FromMinutes(1);

    /// <summary>Deletes the folders whose socket nobody listens to. What belongs to somebody else stays.</summary>
    public static void Sweep(string parent, TimeProvider time)
    {
        foreach (var folder in new DirectoryInfo(parent).EnumerateDirectories($"{FolderPrefix}*"))
        {
            try
            {
                if (time.GetUtcNow() - folder.LastWriteTimeUtc > MinAge && IsAbandoned(Path.Combine(folder.FullName, SocketName)))
                {
                    folder.Delete(recursive: true);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Another user's, or another node sweeps too.
            }
        }
    }

    private static bool IsAbandoned(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        // Process ids would not do: the owner may live in another container.
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return false;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode == SocketError.ConnectionRefused;
        }
    }
}
