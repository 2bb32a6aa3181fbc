using Cluster.Client;
using Cluster.Client.Broadcasts;
using Cluster.Protocol.V1;
using Xunit;

namespace Cluster.Unit.Client.Broadcasts;

/// <summary>What a broadcast's file gives back, in another process, is what was written.</summary>
public sealed class BroadcastFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"cluster-broadcast-test-{Guid.NewGuid():N}");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public async Task Values_of_every_format()
    {
        await AssertSameAsync("text, ä and 😀");
        await AssertSameAsync("");
        await AssertSameAsync(42.5);
        await AssertSameAsync(new[] { 1, 2, 3 });
        await AssertSameAsync(Array.Empty<byte>());
        await AssertSameAsync(new Dictionary<string, int> { ["a"] = 1 });
        await AssertSameAsync(new Point(1, "two"));
        await AssertSameAsync(new CodeFile { Name = "message", Size = 5 });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2_500_000)]
    public async Task Memory_as_it_lies_there(int count)
    {
        double[] numbers = [.. Enumerable.Range(0, count).Select(static i => i / 3.0)];
        await SendAsync<ReadOnlyMemory<double>>(numbers);
        Assert.True(BroadcastFile.Read<ReadOnlyMemory<double>>(_path).Span.SequenceEqual(numbers));

        var bytes = new ReadOnlyMemory<byte>([1, 2, 3]);
        await SendAsync(bytes);
        Assert.Equal([1, 2, 3], BroadcastFile.Read<ReadOnlyMemory<byte>>(_path).ToArray());
    }

    [Fact]
    public async Task Its_mapping_is_not_to_be_written_to_and_outlives_the_file()
    {
        await SendAsync<ReadOnlyMemory<long>>(new long[] { 1, 2 });
        var memory = BroadcastFile.Read<ReadOnlyMemory<long>>(_path);
        File.Delete(_path);
        Assert.Equal([1, 2], memory.ToArray());
        Assert.Contains(File.ReadLines("/proc/self/maps"), line => line.Contains(_path, StringComparison.Ordinal) && line.Contains(" r--s ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_same_content_is_the_same_file()
    {
        using var one = await BroadcastFile.WriteAsync(new Point(1, "a"), TestContext.Current.CancellationToken);
        using var same = await BroadcastFile.WriteAsync(new Point(1, "a"), TestContext.Current.CancellationToken);
        using var other = await BroadcastFile.WriteAsync(new Point(2, "a"), TestContext.Current.CancellationToken);
        Assert.Equal(one.File.Sha256, same.File.Sha256);
        Assert.NotEqual(one.File.Sha256, other.File.Sha256);
    }

    [Fact]
    public async Task What_cannot_travel_is_refused_by_name()
    {
        var exception = await Assert.ThrowsAsync<ClusterException>(() => BroadcastFile.WriteAsync(new Func<int>(() => 1), TestContext.Current.CancellationToken));
        Assert.Contains("Func", exception.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ClusterException>(() => BroadcastFile.WriteAsync<object>(new Point(1, "a"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_is_no_such_value_is_refused()
    {
        await SendAsync("text");
        Assert.Contains("Int32[]", Assert.Throws<ClusterException>(() => BroadcastFile.Read<int[]>(_path)).Message, StringComparison.Ordinal);
        Assert.Throws<ClusterException>(() => BroadcastFile.Read<ReadOnlyMemory<int>>(_path));
        await File.WriteAllBytesAsync(_path, new byte[100], TestContext.Current.CancellationToken);
        Assert.Throws<ClusterException>(() => BroadcastFile.Read<string>(_path));
        await File.WriteAllBytesAsync(_path, new byte[10], TestContext.Current.CancellationToken);
        Assert.Throws<ClusterException>(() => BroadcastFile.Read<string>(_path));
    }

    private async Task AssertSameAsync<T>(T value)
    {
        await SendAsync(value);
        Assert.Equivalent(value, BroadcastFile.Read<T>(_path), strict: true);
    }

    private async Task SendAsync<T>(T value)
    {
        using var content = await BroadcastFile.WriteAsync(value, TestContext.Current.CancellationToken);
        var bytes = new byte[(int)content.File.Size];
        Assert.Equal(bytes.Length, RandomAccess.Read(content.Content, bytes, 0));
        File.Delete(_path);
        await File.WriteAllBytesAsync(_path, bytes, TestContext.Current.CancellationToken);
    }

    private sealed record Point(int X, string Name);
}
