using Cluster.Coordinator.Scheduling;
using Xunit;

namespace Cluster.Unit.Scheduling;

public sealed class NodeCriteriaTests
{
    private static readonly NodeId Id = new(7);

    private static readonly NodeTerms Node = new() { Name = "a", Slots = 1, Labels = new Dictionary<string, string> { ["disk"] = "ssd", ["zone"] = "1" } };

    [Theory]
    [InlineData("disk", "ssd", true)]
    [InlineData("disk", "SSD", false)]
    [InlineData("gpu", "", false)]
    public void All_labels_must_match(string key, string value, bool expected) =>
        Assert.Equal(expected, new NodeCriteria(new Dictionary<string, string> { ["zone"] = "1", [key] = value }).Accept(Id, Node));

    [Fact]
    public void A_name_must_match_as_well()
    {
        Assert.True(new NodeCriteria(Node.Labels, "a").Accept(Id, Node));
        Assert.False(new NodeCriteria(Node.Labels, "b").Accept(Id, Node));
    }

    [Fact]
    public void Barred_nodes_do_not_qualify_whatever_they_offer()
    {
        NodeCriteria criteria = new NodeCriteria(Node.Labels).Without([new NodeId(9), Id]);
        Assert.False(criteria.Accept(Id, Node));
        Assert.True(criteria.Accept(new NodeId(8), Node));
        Assert.Equal(criteria.Key, new NodeCriteria(Node.Labels).Without([Id, new NodeId(9)]).Key);
        Assert.NotEqual(criteria.Key, new NodeCriteria(Node.Labels).Without([Id]).Key);
        Assert.NotEqual(new NodeCriteria(Node.Labels).Without([Id]).Key, new NodeCriteria(Node.Labels, "!7;").Key);
    }

    [Fact]
    public void Equal_criteria_have_equal_keys_and_others_do_not()
    {
        NodeCriteria one = new(new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" });
        NodeCriteria reordered = new(new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" });
        NodeCriteria tricky = new(new Dictionary<string, string> { ["a"] = "1;1:b=1:2" });
        Assert.Equal(one.Key, reordered.Key);
        Assert.NotEqual(one.Key, tricky.Key);
        Assert.NotEqual(one.Key, new NodeCriteria(new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" }, "n").Key);
    }
}
