namespace Cluster.Simulation;

/// <summary>One direction between a node and the coordinator: messages are late but in order, and wait while there is no connection, as a session promises.</summary>
internal sealed class SimulatedLink(World world)
{
    private readonly Queue<Action> _messages = new();
    private TimeSpan _lastArrival;
    private int _held;
    private bool _isDown;

    public void Send(Action message)
    {
        _messages.Enqueue(message);
        Plan();
    }

    /// <summary>The connection breaks.</summary>
    public void Break() => _isDown = true;

    /// <summary>There is a connection again: what was said meanwhile, or was on its way, is said now.</summary>
    public void Mend()
    {
        _isDown = false;
        for (; _held > 0; _held--)
        {
            Plan();
        }
    }

    private void Plan()
    {
        TimeSpan arrival = world.Clock.Now + world.Latency();
        _lastArrival = arrival > _lastArrival ? arrival : _lastArrival;
        world.Agenda.After(_lastArrival - world.Clock.Now, Arrive);
    }

    private void Arrive()
    {
        if (_isDown)
        {
            _held++;
        }
        else
        {
            _messages.Dequeue()();
        }
    }
}
