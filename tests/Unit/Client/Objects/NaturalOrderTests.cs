using Cluster.Client.Objects.Lists;
using Xunit;

namespace Cluster.Unit.Client.Objects;

public sealed class NaturalOrderTests
{
    // 'é' and 'ﬀ' sort elsewhere in cultures; the emoji has units below that of 'ﬀ', and a code point beyond it.
    private static readonly string[] Sorted = ["", "B", "Z", "a", "aa", "b", "z", "é", "ﬀ", "ﬀ😀", "😀", "😀ﬀ", "😁"];

    [Fact]
    public void Text_is_sorted_by_code_points()
    {
        Assert.Equal(Sorted, Sorted.Reverse().Order(NaturalOrder<string>.Comparer));
        Assert.Equal(Sorted.Select(static (text, i) => (text, i)), Sorted.Select(static (text, i) => (text, i)).Reverse().Order(NaturalOrder<(string, int)>.Comparer));
    }

    [Fact]
    public void Everything_else_is_sorted_as_it_compares_itself()
    {
        Assert.Equal([-1, 0, 3, 20], new[] { 20, 3, -1, 0 }.Order(NaturalOrder<int>.Comparer));
        Assert.Equal([(1, 2.5), (1, 3.5), (2, 0)], new[] { (2, 0), (1, 3.5), (1, 2.5) }.Order(NaturalOrder<(int, double)>.Comparer));
        Assert.Equal([null, "a"], new[] { "a", null }.Order(NaturalOrder<string?>.Comparer));
    }
}
