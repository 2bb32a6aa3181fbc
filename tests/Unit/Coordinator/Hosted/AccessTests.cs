using Cluster.Client;
using Cluster.TestKit;
using Cluster.TestKit.Coordinator;
using Grpc.Core;
using Xunit;

namespace Cluster.Unit.Coordinator.Hosted;

/// <summary>Every door without a token, with a wrong one, with one that does not do, and with one that does.</summary>
public sealed class AccessTests : IAsyncLifetime
{
    private const string Tokens = """
        read   reading-is-all-0123456789   looker
        submit submitting-0123456789ABCD   ci
        node   attaching-0123456789ABCDE   machines
        admin  everything-0123456789ABCD   boss
        """;

    private static readonly Dictionary<string, string> Secrets = Tokens.Split('\n').Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToDictionary(static words => words[0], static words => words[1]);

    private TestCoordinator _coordinator = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Doors => [.. AccessDoors.All.Keys];

    public async ValueTask InitializeAsync() => _coordinator = await TestCoordinator.StartAsync(static options => options with { Token = Tokens, MaxCallRate = 10 });

    public ValueTask DisposeAsync() => _coordinator.DisposeAsync();

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task A_door_opens_for_its_roles(string door)
    {
        using var channel = TestChannel.Open(_coordinator.Address);
        var (letsIn, knockAsync) = AccessDoors.All[door];
        foreach (var shown in (string[])["none", "wrong", .. Secrets.Keys])
        {
            var headers = shown == "none" ? [] : Bearer(shown);
            var status = (await Record.ExceptionAsync(async () => await knockAsync(channel.CreateCallInvoker(), headers).Within()) as RpcException)?.Status ?? Status.DefaultSuccess;
            if (letsIn.Split(' ').Contains(shown))
            {
                Assert.False(status.StatusCode is StatusCode.Unauthenticated or StatusCode.PermissionDenied or StatusCode.Unimplemented, $"{shown}: {status}");
            }
            else
            {
                Assert.Equal(Secrets.ContainsKey(shown) ? StatusCode.PermissionDenied : StatusCode.Unauthenticated, status.StatusCode);
                Assert.All(Secrets.Values, secret => Assert.DoesNotContain(secret, status.Detail, StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public async Task The_SDK_says_which_role_it_takes()
    {
        await using var client = await ClusterClient.ConnectAsync(_coordinator.Address, new ClusterClientOptions { Token = Secrets["read"] }, Token);
        Assert.Empty(await client.NodesAsync(Token));
        var refused = await Assert.ThrowsAsync<ClusterUnavailableException>(() => client.MapAsync(static x => x, [1], cancellationToken: Token).Within());
        Assert.Contains("'looker' has the role read", refused.Message, StringComparison.Ordinal);
        Assert.Contains("submit or admin", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_calls_are_refused_and_others_are_not_held_up()
    {
        using var channel = TestChannel.Open(_coordinator.Address);
        var knockAsync = AccessDoors.All["Functions/Upload"].KnockAsync;
        var flood = await Task.WhenAll(Enumerable.Range(0, 300).Select(async _ => await Record.ExceptionAsync(async () => await knockAsync(channel.CreateCallInvoker(), Bearer("submit")))));
        Assert.Contains(flood, static exception => exception is RpcException { StatusCode: StatusCode.ResourceExhausted } refused && refused.Status.Detail.Contains("'ci'", StringComparison.Ordinal));
        Assert.Contains(flood, static exception => exception is null);
        await knockAsync(channel.CreateCallInvoker(), Bearer("admin"));
    }

    [Fact]
    public async Task Tokens_that_are_none_are_refused_at_the_start()
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => TestCoordinator.StartAsync(static options => options with { Token = "read short" }));
        Assert.Contains("Line 1", refused.Message, StringComparison.Ordinal);
    }

    private static Metadata Bearer(string role) => new() { { "authorization", $"Bearer {Secrets.GetValueOrDefault(role, "wrong-0123456789ABCDEF")}" } };
}
