using Cluster.Client;
using Google.Protobuf.WellKnownTypes;
using Xunit;

namespace Cluster.Functional.Jobs;

/// <summary>Every format there and back, through all processes.</summary>
public sealed class FormatTests(SharedCluster cluster)
{
    private const int MiB = 1 << 20;

    [Fact]
    public Task Raw_values_survive() => EchoesAsync([0, -1, int.MaxValue, int.MinValue]);

    [Fact]
    public Task Raw_structs_survive() => EchoesAsync([new Point(1.5, -2), new Point(double.NaN, double.PositiveInfinity)]);

    [Fact]
    public Task Decimals_dates_and_guids_survive() =>
        EchoesAsync([(1.10m, new DateTime(2026, 2, 28, 23, 59, 59, DateTimeKind.Utc), Guid.Parse("11223344-5566-7788-99aa-bbccddeeff00"))]);

    [Fact]
    public Task Text_survives() => EchoesAsync(["", "plain", "žluťoučký kůň 🐎", "line\nbreak", null]);

    [Fact]
    public Task Byte_arrays_survive() => EchoesAsync<byte[]?>([[], [0], [.. Enumerable.Range(0, 256).Select(i => (byte)i)], null]);

    [Fact]
    public Task Records_survive_as_json() =>
        EchoesAsync([new Order("A-1", [new Line("bolt", 3, 0.10m)], new Dictionary<string, int> { ["x"] = 1 })], order => order.ToString() + string.Join(',', order.Lines) + order.Tags["x"]);

    [Fact]
    public Task Nullable_values_survive_as_json() => EchoesAsync<int?>([1, null, 3]);

    [Fact]
    public Task Protocol_buffers_survive() => EchoesAsync([new Struct { Fields = { ["answer"] = Value.ForNumber(42) } }, new Struct()]);

    [Theory]
    [InlineData(MiB - 1)]
    [InlineData(MiB)]
    [InlineData(MiB + 1)]
    [InlineData(17 * MiB)]
    public async Task Items_around_and_above_the_size_of_a_message_survive(int size)
    {
        var block = new byte[size];
        new Random(size).NextBytes(block);

        var echoed = await cluster.Client.MapAsync(x => x, [block, [1], block], cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(block.AsSpan().SequenceEqual(echoed[0]));
        Assert.Equal([1], echoed[1]);
        Assert.True(block.AsSpan().SequenceEqual(echoed[2]));
    }

    [Fact]
    public async Task Text_above_16_MiB_survives()
    {
        var text = new string('ž', 9 * MiB);

        var echoed = await cluster.Client.Submit(x => x + "!", text, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(text.Length + 1, echoed.Length);
        Assert.True(echoed.AsSpan(0, text.Length).SequenceEqual(text));
    }

    private Task EchoesAsync<T>(T[] items) => EchoesAsync(items, item => item);

    private async Task EchoesAsync<T>(T[] items, Func<T, object?> comparable)
    {
        var echoed = await cluster.Client.MapAsync(item => item, items, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(items.Select(comparable), echoed.Select(comparable));
    }

    private readonly record struct Point(double X, double Y);

    private sealed record Line(string Article, int Count, decimal Price);

    private sealed record Order(string Number, List<Line> Lines, Dictionary<string, int> Tags);
}
