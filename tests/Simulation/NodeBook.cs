using Cluster.Coordinator.Scheduling;

namespace Cluster.Simulation;

/// <summary>What the ledger knows about a node.</summary>
internal sealed class NodeBook(NodeId id, NodeTerms terms, VirtualClock clock)
{
    private TimeSpan _idleSince = clock.Now;
    private TimeSpan? _awaySince;

    public NodeId Id => id;

    public NodeTerms Terms => terms;

    public bool IsTrusted { get; private set; } = true;

    /// <summary>It is to leave.</summary>
    public bool IsDraining { get; private set; }

    /// <summary>How long there has been no connection to it; zero while there is one.</summary>
    public TimeSpan AwayFor => _awaySince is TimeSpan since ? clock.Now - since : TimeSpan.Zero;

    /// <summary>Whether it may get work.</summary>
    public bool TakesWork => IsTrusted && !IsDraining;

    public int Chunks { get; private set; }

    /// <summary>Chunks that have been called back, and have neither come nor begun.</summary>
    public int Recalled { get; set; }

    /// <summary>Whether it has credit left.</summary>
    public bool HasRoom => TakesWork && Chunks < terms.Slots + terms.Prefetch;

    public int IdleSlots => TakesWork ? Math.Max(0, terms.Slots - Chunks) : 0;

    /// <summary>How long a slot has been idle.</summary>
    public TimeSpan IdleFor => IdleSlots > 0 ? clock.Now - _idleSince : TimeSpan.Zero;

    /// <summary>Whether chunks must wait for others there.</summary>
    public bool IsCrowded => TakesWork && Chunks - Recalled > terms.Slots;

    public void Change(int chunks) => Change(Chunks + chunks, IsTrusted);

    public void Drain()
    {
        IsDraining = true;
        Change(0);
    }

    public void Trust(bool isTrusted)
    {
        _awaySince = isTrusted ? null : _awaySince;
        Change(Chunks, isTrusted);
    }

    public void Disconnect()
    {
        _awaySince ??= clock.Now;
        Change(Chunks, isTrusted: false);
    }

    private void Change(int chunks, bool isTrusted)
    {
        bool wasIdle = IdleSlots > 0;
        (Chunks, IsTrusted) = (chunks, isTrusted);
        _idleSince = wasIdle ? _idleSince : clock.Now;
    }
}
