using System.Net.Sockets;
using Cluster.Client;
using Cluster.Protocol.V1;
using Cluster.Worker.Link;

namespace Cluster.Worker.Broadcasts;

/// <summary>Asks the node for broadcasts. The task that needs one waits for it, on its thread.</summary>
/// <param name="path">Where the node listens.</param>
/// <param name="key">What the worker has to say there.</param>
internal sealed class BroadcastFetch(string path, string key)
{
    /// <returns>Where the file is.</returns>
    /// <exception cref="ClusterException">It cannot be had.</exception>
    public string Get(CodeFile file)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(path));
            var link = new NodeLink(new BlockingSocketStream(socket));
            link.Send(new OutgoingFrame(new FromWorker { Broadcast = new WorkerBroadcast { Key = key, File = file } }));
            return link.Read()?.Header.BroadcastReady switch
            {
                { Problem.Length: > 0 } failed => throw new ClusterException(failed.Problem, isTransient: true),
                { } ready => ready.Path,
                null => throw new IOException("the node closed the connection."),
            };
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            throw new ClusterException($"The broadcast {file.Name} cannot be had from the node: {exception.Message}", isTransient: true, exception);
        }
    }
}
