using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using Xunit;

namespace Cluster.Unit.Protocol.Batches;

public sealed class RoundTripTests
{
    [Fact]
    public void Unmanaged_values_come_back()
    {
        Same([1, -2, int.MaxValue]);
        Same([true, false]);
        Same(['a', 'ß', '\0']);
        Same([1.5, double.NaN, double.NegativeInfinity]);
        Same([1.23m, decimal.MinValue]);
        Same([Guid.Parse("6f9619ff-8b86-d011-b42d-00c04fc964ff"), Guid.Empty]);
        Same([new DateTime(2024, 5, 6, 7, 8, 9, DateTimeKind.Utc), DateTime.MaxValue]);
        Same([new DateTimeOffset(2024, 5, 6, 7, 8, 9, TimeSpan.FromHours(2))]);
        Same([DayOfWeek.Friday, DayOfWeek.Sunday]);
        Same([(1, 2.5), (3, 4.5)]);
        Same([(1, (Guid.Empty, 'x')), (2, (Guid.AllBitsSet, 'y'))]);
        Same<int?>([1, null, 3]);
        Same([Int128.MaxValue, Int128.MinValue]);
        Same([new Point(1, 2), new Point(3, 4)]);
    }

    [Fact]
    public void Text_comes_back() => Same(["", "plain", "Grüße 🌍", null!, new string('x', 5000)]);

    [Fact]
    public void Bytes_come_back() => Same<byte[]>([[], [1, 2, 3], null!, new byte[70_000]]);

    [Fact]
    public void Arrays_of_unmanaged_values_come_back() => Same<double[]>([[], [1.5, 2.5], null!]);

    [Fact]
    public void Memory_comes_back()
    {
        var items = Batching.Read<ReadOnlyMemory<byte>>(Batching.Write<ReadOnlyMemory<byte>>([new byte[] { 1, 2 }, default]));

        Assert.Equal([1, 2], items[0].ToArray());
        Assert.True(items[1].IsEmpty);
    }

    [Fact]
    public void Messages_come_back() =>
        Same([new CodeFile { Name = "App", Size = 12 }, new CodeFile(), null!]);

    [Fact]
    public void Everything_else_comes_back_as_json()
    {
        Same([new Order("pen", [1, 2], double.NaN), null!]);
        Same([("a", 1), ("b", 2)]);
        Same([("a", ("b", 1.5, true)), ("c", ("d", double.PositiveInfinity, false))]);
        Same([Tuple.Create("a", 1)]);
        Same([(1, "2", 3, 4, 5, 6, 7, 8, "9")]);
    }

    [Fact]
    public void Nothing_takes_no_bytes()
    {
        var batches = Batching.Write(Enumerable.Repeat(default(Nothing), 1000));

        Assert.True(batches[0].Payload.IsEmpty);
        Assert.Equal(1000, Batching.Read<Nothing>(batches).Count);
    }

    private static void Same<T>(IReadOnlyList<T> items)
    {
        var read = Batching.ReadIndexed<T>(Batching.Write(items, first: 7));

        Assert.Equal(items, read.Select(item => item.Item));
        Assert.Equal(items.Select((_, i) => (ulong)i + 7), read.Select(item => item.Index));
    }

    internal readonly record struct Point(int X, long Y);

    internal sealed class Order(string name, int[] sizes, double total) : IEquatable<Order>
    {
        public string Name { get; } = name;

        public int[] Sizes { get; } = sizes;

        public double Total { get; } = total;

        public bool Equals(Order? other) => other is not null && Name == other.Name && Sizes.SequenceEqual(other.Sizes) && Total.Equals(other.Total);

        public override bool Equals(object? obj) => Equals(obj as Order);

        public override int GetHashCode() => HashCode.Combine(Name, Total);
    }
}
