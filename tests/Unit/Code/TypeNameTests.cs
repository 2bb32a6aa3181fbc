using System.Reflection;
using Cluster.Protocol.Code;
using Xunit;

namespace Cluster.Unit.Code;

public sealed class TypeNameTests
{
    [Theory]
    [InlineData(typeof(int))]
    [InlineData(typeof(string[]))]
    [InlineData(typeof(int[,][]))]
    [InlineData(typeof(Dictionary<string, List<int?>[]>))]
    [InlineData(typeof(Dictionary<string, int>.Enumerator))]
    [InlineData(typeof(Outer<int>.Inner<string>))]
    [InlineData(typeof((int, (string, Outer<Guid>))))]
    public void Names_lead_back_to_the_type(Type type)
    {
        var name = TypeNames.Write(type);

        Assert.DoesNotContain("Version=", name, StringComparison.Ordinal);
        Assert.Equal(type, TypeNames.Parse(name, assembly => Assembly.Load(assembly.Name!)));
    }

    [Fact]
    public void Names_are_those_of_the_protocol() => Assert.Equal(
        "System.Collections.Generic.List`1[[Cluster.Unit.Code.LonelyPricing, Cluster.Unit.Tests]], System.Private.CoreLib",
        TypeNames.Write(typeof(List<LonelyPricing>)));

    [Theory]
    [InlineData("Nowhere.Type, System.Private.CoreLib")]
    [InlineData("System.Collections.Generic.List`1[[No.Such, System.Private.CoreLib]], System.Private.CoreLib")]
    public void Unknown_types_are_errors(string name) =>
        Assert.Throws<TypeLoadException>(() => TypeNames.Parse(name, assembly => Assembly.Load(assembly.Name!)));

    private sealed class Outer<T>
    {
        public sealed class Inner<TOther>
        {
            public (T, TOther)? Value { get; set; }
        }

        public T? Value { get; set; }
    }
}
