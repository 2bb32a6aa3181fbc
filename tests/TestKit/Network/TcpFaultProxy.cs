using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Cluster.TestKit.Network;

/// <summary>Stands between two processes on loopback and does to their connections what networks do: cuts them, lets them fall silent, slows them.</summary>
public sealed class TcpFaultProxy : IAsyncDisposable
{
    private readonly IPEndPoint _target;
    private readonly TcpListener _listener;
    private readonly ConcurrentDictionary<ProxiedConnection, Task> _connections = new();
    private readonly CancellationTokenSource _over = new();
    private readonly Task _accepting;
    private volatile bool _isCut;
    private volatile bool _isSilent;

    /// <summary>Begins to listen on a free port.</summary>
    /// <param name="target">Who is behind it, such as <c>http://127.0.0.1:7070</c>. Need not listen yet.</param>
    public TcpFaultProxy(string target)
    {
        var uri = new Uri(target);
        _target = new IPEndPoint(IPAddress.Parse(uri.Host), uri.Port);
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        Address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    /// <summary>Where to connect.</summary>
    public string Address { get; }

    /// <summary>How long bytes take from one side to the other.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>How many connections were made.</summary>
    public int Accepted { get; private set; }

    /// <summary>Resets all connections.</summary>
    public void Reset()
    {
        foreach (var connection in _connections.Keys)
        {
            connection.Reset();
        }
    }

    /// <summary>Resets all connections, and all new ones until <see cref="Heal"/>.</summary>
    public void Cut()
    {
        _isCut = true;
        Reset();
    }

    /// <summary>Lets the connections that there are fall silent, without an end: a half-open connection. New ones work.</summary>
    public void Silence()
    {
        foreach (var connection in _connections.Keys)
        {
            connection.Silence();
        }
    }

    /// <summary>Lets the connections that there are and all new ones fall silent until <see cref="Heal"/>: a partition.</summary>
    public void Partition()
    {
        _isSilent = true;
        Silence();
    }

    /// <summary>Everything flows again, on the connections that were silent too.</summary>
    public void Heal()
    {
        _isCut = false;
        _isSilent = false;
        foreach (var connection in _connections.Keys)
        {
            connection.Speak();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _accepting;
        _listener.Stop();
        Reset();
        await Task.WhenAll(_connections.Values);
        _over.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptSocketAsync(_over.Token);
                Accepted++;
                var connection = new ProxiedConnection(near, () => Latency);
                if (_isCut)
                {
                    connection.Reset();
                    continue;
                }

                if (_isSilent)
                {
                    connection.Silence();
                }

                _connections[connection] = Task.CompletedTask;
                _connections[connection] = ServeAsync(connection);
            }
        }
        catch (OperationCanceledException)
        {
            // It was disposed.
        }
    }

    private async Task ServeAsync(ProxiedConnection connection)
    {
        await connection.RunAsync(_target);
        _connections.TryRemove(connection, out _);
    }
}
