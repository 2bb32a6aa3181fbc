using Cluster.Client;
using Cluster.Coordinator.Hosting;
using Cluster.Coordinator.Journal;
using Cluster.TestKit;
using Cluster.Unit.Coordinator.Hosted;
using Xunit;

namespace Cluster.Unit.Client.Objects;

/// <summary>Shared objects over the end and the start of a coordinator that keeps a journal.</summary>
public sealed class StoredObjectTests : IAsyncLifetime
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("cluster-stored-");
    private TestCoordinator _coordinator = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _coordinator = await StartAsync("http://127.0.0.1:0");

    public async ValueTask DisposeAsync()
    {
        await _coordinator.DisposeAsync();
        _data.Delete(recursive: true);
    }

    [Fact]
    public async Task A_session_goes_on_with_all_that_it_has()
    {
        await using var one = await ClusterClient.ConnectAsync(_coordinator.Address, cancellationToken: Token);
        await using var two = await ClusterClient.ConnectAsync(_coordinator.Address, cancellationToken: Token);
        var named = one.Dictionary<string, int>("named");
        var anonymous = one.Dictionary<string, int>();
        var queue = one.Queue<int>("queue", capacity: 1);
        var version = await named.SetAsync("a", 1, cancellationToken: Token);
        await anonymous.SetAsync("b", 2, cancellationToken: Token);
        await using var lease = await one.Lock("lock").AcquireAsync(cancellationToken: Token);
        var waiting = two.Lock("lock").AcquireAsync(cancellationToken: Token);
        await queue.PutAsync(1, cancellationToken: Token);
        var putting = queue.PutAsync(2, cancellationToken: Token);
        var numbers = one.Array<double>([1.5, 2.5], "numbers");
        await numbers.SetAsync(1, 3.5, cancellationToken: Token);

        await RestartAsync();

        Assert.Equal((1, version), await named.GetEntryAsync("a", Token).Within());
        Assert.Equal(2, await anonymous.GetAsync("b", Token).Within());
        double[] expected = [1.5, 3.5];
        Assert.Equal(expected, await numbers.ToArrayAsync(Token).Within());
        Assert.False(waiting.IsCompleted, "The lock was taken from who holds it.");
        await lease!.DisposeAsync();
        await using var next = await waiting.Within();
        Assert.True(next!.FencingToken > lease.FencingToken);
        Assert.Equal(1, await queue.GetAsync(cancellationToken: Token).Within());
        await putting.Within();
        Assert.Equal(2, await queue.GetAsync(cancellationToken: Token).Within());
    }

    [Fact]
    public async Task Every_increment_counts_once_over_many_restarts()
    {
        await using var client = await ClusterClient.ConnectAsync(_coordinator.Address, cancellationToken: Token);
        var counts = client.Dictionary<string, long>("counts");
        List<Task<long>> sums = [];
        for (var restart = 0; restart < 5; restart++)
        {
            sums.AddRange(Enumerable.Range(0, 200).Select(_ => counts.IncrementAsync("n", cancellationToken: Token)));
            await Task.WhenAny(sums[^100..]).Within();
            await RestartAsync();
        }

        Assert.Equal(Enumerable.Range(1, sums.Count).Select(static i => (long)i), await Task.WhenAll(sums).Within());
    }

    [Fact]
    public async Task A_session_that_does_not_come_back_loses_what_it_holds()
    {
        var one = await ClusterClient.ConnectAsync(_coordinator.Address, cancellationToken: Token);
        var held = await one.Lock("lock").AcquireAsync(cancellationToken: Token);
        await one.Dictionary<string, int>("named").SetAsync("a", 1, cancellationToken: Token);
        await one.DisposeAsync();
        await RestartAsync();

        await using var two = await ClusterClient.ConnectAsync(_coordinator.Address, cancellationToken: Token);
        await using var lease = await two.Lock("lock").AcquireAsync(cancellationToken: Token).Within();
        Assert.True(lease!.FencingToken > held!.FencingToken);
        Assert.Equal(1, await two.Dictionary<string, int>("named").GetAsync("a", Token));
    }

    [Fact]
    public async Task A_folder_is_for_one_coordinator()
    {
        var refused = await Assert.ThrowsAsync<IOException>(() => StartAsync("http://127.0.0.1:0"));
        Assert.Contains("another coordinator uses it", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--data-dir", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damage_is_named_and_can_be_cut_off()
    {
        await using (var client = await ClusterClient.ConnectAsync(_coordinator.Address, cancellationToken: Token))
        {
            var dictionary = client.Dictionary<string, string>("named");
            await dictionary.SetAsync("early", "kept", cancellationToken: Token);
            await dictionary.SetAsync("late", new string('x', 4096), cancellationToken: Token);
            await dictionary.SetAsync("last", "lost", cancellationToken: Token);
        }

        var address = _coordinator.Address;
        await _coordinator.DisposeAsync();
        var segment = _data.EnumerateFiles("*.log", SearchOption.AllDirectories).Single();
        var bytes = await File.ReadAllBytesAsync(segment.FullName, Token);
        var position = bytes.AsSpan().IndexOf("xxxxxxxx"u8);
        bytes[position + 100] ^= 1;
        await File.WriteAllBytesAsync(segment.FullName, bytes, Token);

        var refused = await Assert.ThrowsAsync<JournalDamagedException>(() => StartAsync(address));
        Assert.Equal(segment.Name, refused.File);
        Assert.InRange(refused.Position, 1, position);
        _coordinator = await StartAsync(address, options => options with { RepairsJournal = true }, expectErrors: true);
        await using var other = await ClusterClient.ConnectAsync(_coordinator.Address, cancellationToken: Token);
        Assert.Equal(["early"], await other.Dictionary<string, string>("named").KeysAsync(Token));
        Assert.NotEmpty(_data.EnumerateFiles("*.damaged", SearchOption.AllDirectories));
    }

    private async Task RestartAsync()
    {
        var address = _coordinator.Address;
        await _coordinator.DisposeAsync();
        _coordinator = await StartAsync(address);
    }

    private Task<TestCoordinator> StartAsync(string address, Func<CoordinatorOptions, CoordinatorOptions>? change = null, bool expectErrors = false) => TestCoordinator.StartAsync(
        options =>
        {
            options = options with { Listen = [ListenAddress.Parse(address)], DataDirectory = _data.FullName };
            return change?.Invoke(options) ?? options;
        },
        expectErrors: expectErrors);
}
