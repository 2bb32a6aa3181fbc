using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Cluster.TestKit.Network;

/// <summary>One connection through a <see cref="TcpFaultProxy"/>.</summary>
[SuppressMessage("Design", "CA1001", Justification = "It ends by itself or by Reset, and owns nothing after that.")]
internal sealed class ProxiedConnection(Socket near, Func<TimeSpan> latency)
{
    private readonly Socket _far = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _reset = new();
    private readonly Lock _gate = new();
    private TaskCompletionSource? _silence;

    /// <summary>Carries bytes both ways until one side ends or <see cref="Reset"/>.</summary>
    public async Task RunAsync(IPEndPoint target)
    {
        try
        {
            near.NoDelay = _far.NoDelay = true;
            await _far.ConnectAsync(target, _reset.Token);
            await Task.WhenAny(CarryAsync(near, _far), CarryAsync(_far, near)).Unwrap();
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // However a side ends, the other hears of it.
        }

        Reset();
    }

    /// <summary>Both sides get a reset.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _silence?.TrySetResult();
            _reset.Cancel();
            Abort(near);
            Abort(_far);
        }
    }

    /// <summary>Nothing goes through any more; no side is told.</summary>
    public void Silence()
    {
        lock (_gate)
        {
            _silence ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Everything goes through again.</summary>
    public void Speak()
    {
        lock (_gate)
        {
            _silence?.TrySetResult();
            _silence = null;
        }
    }

    private async Task CarryAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 << 10];
        while (await from.ReceiveAsync(buffer, _reset.Token) is > 0 and var count)
        {
            await Heard();
            if (latency() is { Ticks: > 0 } delay)
            {
                await Task.Delay(delay, TimeProvider.System, _reset.Token);
            }

            for (var sent = 0; sent < count;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _reset.Token);
            }
        }
    }

    private Task Heard()
    {
        lock (_gate)
        {
            return _silence?.Task ?? Task.CompletedTask;
        }
    }

    private static void Abort(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is not connected, or gone already.
        }

        socket.Dispose();
    }
}
