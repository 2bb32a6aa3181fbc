namespace Cluster.Coordinator.Objects.Waiting;

/// <summary>Requests that wait for the same thing, in the order in which they came. Anyone can step out at no cost to the others.</summary>
internal sealed class WaitLine
{
    private Waiter? _last;

    /// <summary>Who is next; null: nobody waits.</summary>
    public Waiter? First { get; private set; }

    /// <summary>How many wait.</summary>
    public int Count { get; private set; }

    /// <summary>All of them, in order. Nobody may join or step out meanwhile.</summary>
    public IEnumerable<Waiter> All
    {
        get
        {
            for (var waiter = First; waiter is not null; waiter = waiter.Following)
            {
                yield return waiter;
            }
        }
    }

    /// <summary>Someone joins at the end.</summary>
    public void Add(Waiter waiter)
    {
        waiter.Line = this;
        waiter.Previous = _last;
        waiter.Following = null;
        if (_last is null)
        {
            First = waiter;
        }
        else
        {
            _last.Following = waiter;
        }

        _last = waiter;
        Count++;
    }

    /// <summary>Someone steps out.</summary>
    public void Remove(Waiter waiter)
    {
        if (waiter.Previous is null)
        {
            First = waiter.Following;
        }
        else
        {
            waiter.Previous.Following = waiter.Following;
        }

        if (waiter.Following is null)
        {
            _last = waiter.Previous;
        }
        else
        {
            waiter.Following.Previous = waiter.Previous;
        }

        waiter.Line = null;
        waiter.Previous = null;
        waiter.Following = null;
        Count--;
    }
}
