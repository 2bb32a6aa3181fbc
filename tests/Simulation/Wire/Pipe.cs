using Grpc.Core;

namespace Cluster.Simulation.Wire;

/// <summary>One direction of a connection: messages are late, in order, and some are lost when it is cut.</summary>
internal sealed class Pipe<T>(WireWorld world) : IServerStreamWriter<T>, IClientStreamWriter<T>
{
    private TimeSpan _lastArrival;
    private bool _isCut;
    private bool _isSilent;

    public WriteOptions? WriteOptions { get; set; }

    /// <summary>Where messages go.</summary>
    public Action<T>? Arrived { get; set; }

    /// <summary>How many messages are on their way.</summary>
    public int InFlight { get; private set; }

    public Task WriteAsync(T message)
    {
        if (_isCut)
        {
            return Task.FromException(new IOException("The connection broke."));
        }

        if (!_isSilent)
        {
            TimeSpan arrival = world.Clock.Now + world.Latency();
            _lastArrival = arrival > _lastArrival ? arrival : _lastArrival;
            InFlight++;
            world.Agenda.After(_lastArrival - world.Clock.Now, () =>
            {
                InFlight--;
                Arrived?.Invoke(message);
            });
        }

        return Task.CompletedTask;
    }

    public Task CompleteAsync() => Task.CompletedTask;

    /// <summary>What is written from now on fails; what is under way arrives late, or is lost.</summary>
    public void Cut(bool isLost)
    {
        _isCut = true;
        Arrived = isLost ? null : Arrived;
    }

    /// <summary>What is written from now on is lost, and nobody is told.</summary>
    public void FallSilent() => _isSilent = true;
}
