using System.Net;
using System.Net.Sockets;

namespace Cluster.TestKit.Network;

/// <summary>
/// An address that drops attempts to connect, as a firewall does: its queue of connections that nobody accepts is full. (Linux ignores the
/// attempts then.)
/// </summary>
public sealed class FullListener : IDisposable
{
    // More than the shortest queue takes.
    private const int Callers = 8;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _callers = [];

    private FullListener()
    {
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public static async Task<FullListener> StartAsync()
    {
        var listener = new FullListener();
        listener._listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener._listener.Listen(0);
        Task? first = null;
        for (var i = 0; i < Callers; i++)
        {
            var caller = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener._callers.Add(caller);
            var connecting = IgnoreAsync(caller.ConnectAsync(listener._listener.LocalEndPoint!));
            first ??= connecting;
        }

        await first!.Within();
        return listener;
    }

    public void Dispose()
    {
        foreach (var caller in _callers)
        {
            caller.Dispose();
        }

        _listener.Dispose();
    }

    private static async Task IgnoreAsync(Task connecting)
    {
        try
        {
            await connecting;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // It waited until the end.
        }
    }
}
