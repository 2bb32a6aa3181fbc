using Cluster.Coordinator.Scheduling;
using Xunit;

namespace Cluster.Unit.Scheduling;

/// <summary>Which owners are remembered, and for how long.</summary>
public sealed class JobTableTests
{
    private readonly FairShare _fairShare = new();
    private readonly JobTable _jobs;
    private ulong _lastJob;

    public JobTableTests() => _jobs = new JobTable(new NodeTable(), _fairShare);

    [Fact]
    public void An_owner_that_comes_and_goes_does_not_crowd_others_out()
    {
        for (int i = 0; i < 3000; i++)
        {
            Visit(1);
        }

        Owner debtor = Visit(2);
        for (int i = 0; i < 3000; i++)
        {
            Visit(1);
        }

        Assert.Same(debtor, Visit(2));
    }

    [Fact]
    public void An_owner_that_is_there_is_not_forgotten_for_a_departure_of_the_past()
    {
        // Departs and returns, many times.
        for (int i = 0; i < 3000; i++)
        {
            Visit(1);
        }

        Owner present = Open(1).Owner;
        for (int i = 0; i < 3000; i++)
        {
            Visit(2);
            Assert.Same(present, Open(1).Owner);
        }
    }

    [Fact]
    public void Debtors_are_remembered_up_to_a_bound_and_those_without_debts_not_at_all()
    {
        Owner[] debtors = [.. Enumerable.Range(1, 3000).Select(owner => Visit((ulong)owner))];
        Owner clean = Visit(5000, debt: 0);
        for (int i = 0; i < 3000; i++)
        {
            Visit(6000);
        }

        Assert.NotSame(clean, Visit(5000));
        Assert.InRange(debtors.Count(debtor => debtor.IsDeparted), 1000, 1025);
    }

    /// <summary>Opens a job, runs something, and closes it.</summary>
    private Owner Visit(ulong owner, double debt = 1)
    {
        Job job = Open(owner);
        _fairShare.Charge(job, debt);
        _jobs.Close(job);
        return job.Owner;
    }

    private Job Open(ulong owner) => _jobs.Open(new JobId(++_lastJob), new JobTerms { Owner = owner });
}
