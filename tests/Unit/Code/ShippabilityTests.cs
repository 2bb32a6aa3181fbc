using Cluster.Client.Functions;
using Xunit;

namespace Cluster.Unit.Code;

public sealed class ShippabilityTests
{
    [Theory]
    [InlineData(typeof(int))]
    [InlineData(typeof(string))]
    [InlineData(typeof(byte[]))]
    [InlineData(typeof(System.Numerics.Complex))]
    [InlineData(typeof((int, double)))]
    [InlineData(typeof((string, List<int>)))]
    [InlineData(typeof(Dictionary<string, int[]>))]
    [InlineData(typeof(Google.Protobuf.WellKnownTypes.Struct))]
    [InlineData(typeof(Good))]
    public void Arguments_that_can_be_sent(Type type) => Assert.Null(Shippability.CheckItem(type));

    [Theory]
    [InlineData(typeof(Stream), "", typeof(Stream))]
    [InlineData(typeof(object), "", typeof(object))]
    [InlineData(typeof(Func<int>), "", typeof(Func<int>))]
    [InlineData(typeof(List<FileStream>), "[]", typeof(FileStream))]
    [InlineData(typeof((string, FileStream)), ".Item2", typeof(FileStream))]
    [InlineData(typeof(Dictionary<string, Task>), "{}", typeof(Task))]
    [InlineData(typeof(Bad), ".Good.Inner", typeof(Hidden))]
    [InlineData(typeof(int[,]), "", typeof(int[,]))]
    public void Arguments_that_cannot_be_sent_name_the_member(Type type, string path, Type member)
    {
        var problem = Shippability.CheckItem(type);

        Assert.NotNull(problem);
        Assert.Equal((path, member), (problem.Path, problem.Type));
        Assert.StartsWith($"'item{path}' (", problem.Describe("item"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_may_be_left_behind_on_purpose() => Assert.Null(Shippability.Check(typeof(Forgetful)));

    private sealed record Good(int Number, string? Text, List<Good> Children);

    private sealed record Bad(Middle Good);

    private sealed record Middle(Hidden Inner);

    private sealed class Hidden
    {
        private readonly int _secret = Environment.ProcessId;

        public override string ToString() => $"{_secret}";
    }

    private sealed class Forgetful
    {
        [System.Text.Json.Serialization.JsonIgnore]
        public Stream? Cache { get; set; }

        public int Kept { get; set; }
    }
}
