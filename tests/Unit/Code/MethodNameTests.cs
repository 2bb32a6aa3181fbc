using System.Reflection.Emit;
using Cluster.Protocol.Code;
using Xunit;

namespace Cluster.Unit.Code;

public sealed class MethodNameTests
{
    [Fact]
    public void Methods_are_called_as_in_the_source()
    {
        static int Local(int x) => x;
        Func<int, int> lambda = x => x + 1;
        Func<int, int> local = Local;

        const string Here = $"{nameof(Cluster)}.{nameof(Unit)}.{nameof(Code)}.{nameof(MethodNameTests)}";
        Assert.Equal($"the lambda (Int32) in {Here}.{nameof(Methods_are_called_as_in_the_source)}", MethodNames.Describe(lambda.Method));
        Assert.Equal($"the local function Local(Int32) in {Here}.{nameof(Methods_are_called_as_in_the_source)}", MethodNames.Describe(local.Method));
        Assert.Equal($"{Here}.Convert<String>(List<Int32?>)", MethodNames.Describe(((Func<List<int?>, string>)Convert<string>).Method));
    }

    [Theory]
    [InlineData("<<Main>$>b__0_1", "the lambda (Int32) in ?.Main")]
    [InlineData("<<Main>$>g__Local|0_1", "the local function Local(Int32) in ?.Main")]
    public void Top_level_statements_have_a_name(string name, string expected) =>
        Assert.Equal(expected, MethodNames.Describe(new DynamicMethod(name, typeof(void), [typeof(int)])));

    private static T Convert<T>(List<int?> numbers) => (T)(object)$"{numbers.Count}";
}
