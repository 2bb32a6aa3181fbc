using Cluster.Coordinator.Scaling;
using Xunit;

namespace Cluster.Unit.Coordinator.Scaling;

public sealed class ScalingTermsTests
{
    [Fact]
    public void Everything_has_a_default_and_what_is_KEDAs_own_is_left_to_it()
    {
        var terms = ScalingTerms.Parse(new Dictionary<string, string> { ["scalerAddress"] = "coordinator:7071" });
        Assert.Equal((TimeSpan.FromSeconds(60), null), (terms.Target, terms.SlotsPerNode));
        Assert.Empty(terms.Labels);
    }

    [Fact]
    public void Everything_can_be_said()
    {
        var terms = ScalingTerms.Parse(new Dictionary<string, string> { ["targetSeconds"] = "1.5", ["slotsPerNode"] = "8", ["labels"] = "gpu=yes, zone=a=b" });
        Assert.Equal((TimeSpan.FromSeconds(1.5), 8), (terms.Target, terms.SlotsPerNode));
        Assert.Equal(new Dictionary<string, string> { ["gpu"] = "yes", ["zone"] = "a=b" }, terms.Labels);
    }

    [Theory]
    [InlineData("targetSeconds", "0")]
    [InlineData("targetSeconds", "soon")]
    [InlineData("targetSeconds", "-5")]
    [InlineData("slotsPerNode", "0")]
    [InlineData("slotsPerNode", "2.5")]
    [InlineData("labels", "gpu")]
    public void What_makes_no_sense_is_refused_by_name(string key, string value)
    {
        var exception = Assert.Throws<FormatException>(() => ScalingTerms.Parse(new Dictionary<string, string> { [key] = value }));
        Assert.Contains($"{key} is '{value}'", exception.Message, StringComparison.Ordinal);
    }
}
