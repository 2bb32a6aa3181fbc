namespace Cluster.Simulation;

/// <summary>What happens when. Things of the same instant happen in the order in which they were planned.</summary>
internal sealed class Agenda(VirtualClock clock)
{
    private readonly PriorityQueue<Action, (TimeSpan Time, long Order)> _plan = new();
    private long _order;

    public TimeSpan? Next => _plan.TryPeek(out _, out (TimeSpan Time, long Order) when) ? when.Time : null;

    public void After(TimeSpan delay, Action what) => _plan.Enqueue(what, (clock.Now + delay, _order++));

    public void RunNext()
    {
        if (_plan.TryDequeue(out Action? what, out (TimeSpan Time, long Order) when))
        {
            clock.Now = when.Time;
            what();
        }
    }
}
