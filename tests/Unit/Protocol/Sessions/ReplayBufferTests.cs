using Cluster.Protocol.Sessions;
using Xunit;

namespace Cluster.Unit.Protocol.Sessions;

public sealed class ReplayBufferTests
{
    private readonly ReplayBuffer<string> _said = new();

    public ReplayBufferTests()
    {
        foreach (var word in (string[])["one", "two", "three", "four"])
        {
            _said.Add(word, 10);
        }
    }

    [Fact]
    public void What_is_acknowledged_is_forgotten()
    {
        Assert.True(_said.TryAcknowledge(3));
        Assert.Equal((3ul, 4ul, 10), (_said.Acknowledged, _said.Last, _said.Bytes));
    }

    [Fact]
    public void A_late_acknowledgement_changes_nothing()
    {
        Assert.True(_said.TryAcknowledge(3));
        Assert.True(_said.TryAcknowledge(1));
        Assert.Equal((3ul, 10), (_said.Acknowledged, _said.Bytes));
    }

    [Fact]
    public void What_was_never_said_cannot_be_acknowledged()
    {
        Assert.False(_said.TryAcknowledge(5));
        Assert.Equal((0ul, 40), (_said.Acknowledged, _said.Bytes));
    }

    [Fact]
    public void The_rest_is_said_again_in_order()
    {
        Assert.True(_said.TryAcknowledge(1));
        Assert.True(_said.TryRewind(2, out var again));
        Assert.Equal(["three", "four"], again.Select(entry => entry.Message));
        _said.Add("five", 10);
        Assert.True(_said.TryRewind(2, out again));
        Assert.Equal(["three", "four", "five"], again.Select(entry => entry.Message));
        Assert.Equal(5ul, _said.Last);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void A_number_that_is_not_kept_belongs_to_another_session(ulong number)
    {
        Assert.True(_said.TryAcknowledge(2));
        Assert.False(_said.TryRewind(number, out _));
    }
}
