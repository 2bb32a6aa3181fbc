using Cluster.Coordinator.Nodes;
using Cluster.TestKit.Time;
using Xunit;

namespace Cluster.Unit.Coordinator.Nodes;

/// <summary>Held, suspect, lost.</summary>
public sealed class NodeLeaseTests
{
    private readonly ManualTime _time = new();
    private readonly NodeLease _lease;

    public NodeLeaseTests() => _lease = new NodeLease(_time, TimeSpan.FromSeconds(4));

    [Fact]
    public void Silence_makes_it_suspect_at_half_and_lost_at_its_end()
    {
        AssertAfter(1.9, changed: false, LeaseState.Held);
        AssertAfter(0.2, changed: true, LeaseState.Suspect);
        AssertAfter(1.8, changed: false, LeaseState.Suspect);
        AssertAfter(0.2, changed: true, LeaseState.Lost);
    }

    [Fact]
    public void A_sign_of_life_trusts_a_suspect_again()
    {
        AssertAfter(3, changed: true, LeaseState.Suspect);
        _lease.Renew();
        AssertAfter(0, changed: true, LeaseState.Held);
        AssertAfter(1.9, changed: false, LeaseState.Held);
    }

    [Fact]
    public void What_is_lost_stays_lost()
    {
        AssertAfter(5, changed: true, LeaseState.Lost);
        _lease.Renew();
        AssertAfter(0, changed: false, LeaseState.Lost);
    }

    private void AssertAfter(double seconds, bool changed, LeaseState state)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        Assert.Equal(changed, _lease.Check());
        Assert.Equal(state, _lease.State);
    }
}
