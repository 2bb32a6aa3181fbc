using Cluster.Coordinator.Scheduling;
using Xunit;

namespace Cluster.Unit.Scheduling;

public sealed class InfrastructureBudgetTests
{
    [Fact]
    public void Company_is_not_charged_but_goes_alone_next()
    {
        PendingSegment items = new(new ItemRange(0, 5), 8);
        Assert.True(InfrastructureBudget.TryCharge(items, wasAlone: false, wasKilled: false, out PendingSegment retry));
        Assert.Equal(items with { Attempt = 2, Alone = true }, retry);
    }

    [Fact]
    public void The_third_loss_alone_is_the_last()
    {
        PendingSegment item = new(new ItemRange(7, 1), 8);
        Assert.True(InfrastructureBudget.TryCharge(item, wasAlone: true, wasKilled: false, out item));
        Assert.True(InfrastructureBudget.TryCharge(item, wasAlone: true, wasKilled: false, out item));
        Assert.Equal((3U, (byte)2), (item.Attempt, item.Losses));
        Assert.False(InfrastructureBudget.TryCharge(item, wasAlone: true, wasKilled: false, out _));
    }

    [Fact]
    public void The_fifth_lost_node_is_the_last()
    {
        PendingSegment items = new(new ItemRange(0, 5), 8);
        Assert.True(InfrastructureBudget.TryChargeNode(items, out PendingSegment retry));
        Assert.Equal(items with { Attempt = 2, NodeLosses = 1, Alone = true }, retry);
        for (int loss = 2; loss < 5; loss++)
        {
            Assert.True(InfrastructureBudget.TryChargeNode(retry, out retry));
        }

        Assert.False(InfrastructureBudget.TryChargeNode(retry, out _));
    }

    [Fact]
    public void Workers_killed_from_outside_have_a_budget_of_their_own()
    {
        PendingSegment item = new(new ItemRange(3, 1), 8);
        for (int kill = 1; kill < InfrastructureBudget.MaxKills; kill++)
        {
            Assert.True(InfrastructureBudget.TryCharge(item, wasAlone: true, wasKilled: true, out item));
        }

        Assert.Equal((0, InfrastructureBudget.MaxKills - 1), (item.Losses, item.Kills));
        Assert.True(InfrastructureBudget.TryCharge(item, wasAlone: false, wasKilled: true, out item));
        Assert.True(InfrastructureBudget.TryCharge(item, wasAlone: true, wasKilled: false, out item));
        Assert.False(InfrastructureBudget.TryCharge(item, wasAlone: true, wasKilled: true, out _));
    }

    [Fact]
    public void The_second_worker_ended_for_its_memory_is_the_last()
    {
        PendingSegment items = new(new ItemRange(0, 5), 8);
        Assert.True(InfrastructureBudget.TryChargeMemory(items, wasAlone: false, out PendingSegment retry));
        Assert.Equal(items with { Attempt = 2, Alone = true }, retry);
        PendingSegment item = retry.Slice(1, 2);
        Assert.True(InfrastructureBudget.TryChargeMemory(item, wasAlone: true, out item));
        Assert.False(item.Joins(retry.Slice(2, 3) with { Attempt = item.Attempt }));
        Assert.True(InfrastructureBudget.TryCharge(item, wasAlone: true, wasKilled: false, out item));
        Assert.False(InfrastructureBudget.TryChargeMemory(item, wasAlone: true, out _));
    }
}
