using System.Numerics;
using Google.Protobuf.WellKnownTypes;
using Xunit;

namespace Cluster.Unit.Code;

public sealed class CapturedValueTests
{
    private readonly Nodes _nodes = new();

    [Fact]
    public void Numbers_arrive_bit_by_bit()
    {
        Same(int.MinValue, BitConverter.GetBytes);
        Same(ulong.MaxValue, BitConverter.GetBytes);
        Same(0.1, BitConverter.GetBytes);
        Same(-0.0, BitConverter.GetBytes);
        Same(double.NaN, BitConverter.GetBytes);
        Same(double.NegativeInfinity, BitConverter.GetBytes);
        Same(float.Epsilon, BitConverter.GetBytes);
        Same(Half.MaxValue, BitConverter.GetBytes);
        Same(Int128.MinValue, BitConverter.GetBytes);
        Same(1.10m, static value => decimal.GetBits(value).SelectMany(BitConverter.GetBytes).ToArray());
        Same(BigInteger.Pow(-7, 99), static value => value.ToByteArray());
    }

    [Fact]
    public void Text_arrives_as_it_was()
    {
        Same("", static value => value);
        Same("tab\t quote\" slash\\ null\0 ünï 😀 </script>\u2028", static value => value);
        Same('ß', static value => value.ToString());
        Same(new[] { "a", null, "b" }, static value => string.Join('|', value.Select(item => item ?? "(null)")));
    }

    [Fact]
    public void Times_and_identifiers_arrive_as_they_were()
    {
        Same(new DateTime(638_000_000_123_456_789, DateTimeKind.Utc), static value => $"{value.Ticks} {value.Kind}");
        Same(new DateTime(638_000_000_123_456_789, DateTimeKind.Unspecified), static value => $"{value.Ticks} {value.Kind}");
        Same(new DateTimeOffset(2024, 2, 29, 1, 2, 3, TimeSpan.FromHours(5.5)), static value => $"{value.Ticks} {value.Offset}");
        Same(new DateOnly(2024, 2, 29), static value => value.DayNumber);
        Same(new TimeOnly(1, 2, 3, 4, 5), static value => value.Ticks);
        Same(TimeSpan.FromTicks(-123_456_789), static value => value.Ticks);
        Same(new Guid("0f8fad5b-d9cb-469f-a165-70867728950e"), static value => value);
        Same(new Uri("https://example.org/a%20b?c#d"), static value => value.OriginalString);
        Same(new Version(1, 2, 3), static value => value.ToString());
    }

    [Fact]
    public void Collections_arrive_with_their_elements_in_order()
    {
        Same(new byte[] { 0, 255, 7 }, Convert.ToHexString);
        Same(new[] { 3, 1, 2 }, static value => string.Join(',', value));
        Same(new int[][] { [1], [], [2, 3] }, static value => string.Join(';', value.Select(row => string.Join(',', row))));
        Same(new List<double> { 0.5, double.NaN }, static value => string.Join(';', value));
        Same(new Dictionary<string, int> { ["b"] = 2, ["a"] = 1 }, static value => string.Join(',', value));
        Same(new Dictionary<int, List<string>> { [2] = ["x"], [1] = [] }, static value => string.Join(',', value.Select(pair => $"{pair.Key}:{pair.Value.Count}")));
        Same(new HashSet<string> { "b", "a" }, static value => string.Join(',', value));
        Same(new Dictionary<string, int>(StringComparer.Ordinal) { ["b"] = 2, ["B"] = 1 }, static value => string.Join(',', value));
        Same(new Queue<int>([3, 1]), static value => string.Join(',', value));
        Same(new SortedDictionary<string, int> { ["b"] = 2, ["a"] = 1 }, static value => string.Join(',', value));
        Same<IReadOnlyList<int>>([5, 6], static value => string.Join(',', value));
        Same<IEnumerable<int>>([5, 6], static value => string.Join(',', value));
    }

    [Fact]
    public void Tuples_records_enums_and_nullables_arrive_whole()
    {
        Same((1, "two", 3.0), static value => value.ToString());
        Same(Tuple.Create(1, "two"), static value => value.ToString());
        Same<(int, (string, int?))?>((1, ("x", null)), static value => value.ToString()!);
        Same<int?>(null, static value => value.HasValue);
        Same(DayOfWeek.Friday, static value => value.ToString());
        Same(KeyValuePair.Create("k", 1), static value => value.ToString());
        Same(new Order("pen", 2) { Note = "blue", Tags = ["x"] }, static value => $"{value.Name} {value.Count} {value.Note} {value.Tags[0]}");
        Same(new Money(3, "EUR"), static value => $"{value.Amount} {value.Currency}");
        Same(new Point(1, 2), static value => $"{value.X},{value.Y}");
        Same<Shape>(new Circle { Radius = 2 }, static value => value is Circle circle ? circle.Radius : -1);
    }

    [Fact]
    public void Protocol_buffers_messages_arrive_whole()
    {
        var message = new ListValue { Values = { Value.ForString("a"), Value.ForNumber(1) } };

        Assert.Equal(message.ToString(), _nodes.Run((int _) => message.ToString(), 0));
    }

    [Fact]
    public void A_large_array_arrives_whole()
    {
        var numbers = Enumerable.Range(0, 250_000).ToArray();

        Assert.Equal(numbers.Sum(number => (long)number), _nodes.Run((int _) => numbers.Sum(number => (long)number), 0));
    }

    // Describing the value here and there must give the same text.
    private void Same<T>(T value, Func<T, object> describe) => Assert.Equal(Text(describe(value)), _nodes.Run((int _) => Text(describe(value)), 0));

    internal static string Text(object described) => described is byte[] bytes ? Convert.ToHexString(bytes) : described.ToString()!;

    private sealed record Order(string Name, int Count)
    {
        public string? Note { get; init; }

        public List<string> Tags { get; set; } = [];

        public string Label => Count >= 0 ? throw new InvalidOperationException("Computed properties are not asked.") : Name;
    }

    private readonly record struct Money(decimal Amount, string Currency);

    private sealed class Point(int x, int y)
    {
        private readonly int _x = x;

        public int X => _x;

        public int Y { get; } = y;
    }

    [System.Text.Json.Serialization.JsonDerivedType(typeof(Circle), "circle")]
    private abstract class Shape;

    private sealed class Circle : Shape
    {
        public double Radius { get; set; }
    }
}
