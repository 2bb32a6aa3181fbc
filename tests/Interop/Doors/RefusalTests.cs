using Cluster.Interop.Doors.Callers;
using Cluster.Interop.Doors.Cases;
using Cluster.Interop.Foreign;
using Grpc.Core;
using Xunit;

namespace Cluster.Interop.Doors;

/// <summary>Every method, without what its door asks for.</summary>
public sealed class RefusalTests(DoorCoordinators coordinators) : IClassFixture<DoorCoordinators>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static TheoryData<ClientKind> Clients => [.. Enum.GetValues<ClientKind>()];

    [Theory]
    [MemberData(nameof(Clients))]
    public Task Without_a_token_none_is_called(ClientKind client) =>
        EachIsRefusedAsync(client, DoorKind.Token, static _ => [(null, StatusCode.Unauthenticated, "This coordinator requires a token. Pass it as bearer token in the metadata `authorization`")]);

    [Theory]
    [MemberData(nameof(Clients))]
    public Task With_a_wrong_token_none_is_called(ClientKind client) =>
        EachIsRefusedAsync(client, DoorKind.Tls, static _ => [("secret-of-nobody-0123456789", StatusCode.Unauthenticated, "The token is not one of this coordinator's.")]);

    [Theory]
    [MemberData(nameof(Clients))]
    public Task With_a_token_of_another_role_it_says_which_role_it_takes(ClientKind client) => EachIsRefusedAsync(client, DoorKind.Tls, static method =>
    {
        var roles = MethodCases.Coordinator[method].Roles;
        return DoorTokens.Roles.Except(roles).Select(role =>
            ((string?)DoorTokens.Of(role), StatusCode.PermissionDenied, $"The token 'the-{role}' has the role {role}; /{method} takes {string.Join(" or ", roles)}. Use a token of such a role."));
    });

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Without_a_client_certificate_none_is_called(ClientKind client)
    {
        ForeignTools.Require(coordinators.Missing);
        var anonymous = coordinators.Door(DoorKind.MutualTls) with { Certificate = null };
        await EachIsRefusedAsync(client, anonymous, static _ => [(DoorTokens.Of("admin"), StatusCode.Unauthenticated, "This coordinator requires a client certificate")]);
    }

    [Fact]
    public async Task Reflection_too_says_what_it_wants()
    {
        // Of grpcio: buf keeps to itself why it got no descriptors.
        ForeignTools.Require(coordinators.Missing);
        await RefusedAsync(ClientKind.Python, coordinators.Door(DoorKind.Token), null, SchemaSource.Reflection, "cluster.v1.Nodes/List", StatusCode.Unauthenticated, "requires a token");
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Who_does_not_trust_the_certificate_or_speaks_otherwise_gets_no_further(ClientKind client)
    {
        ForeignTools.Require(coordinators.Missing);
        var secure = coordinators.Door(DoorKind.Tls);
        var plain = coordinators.Door(DoorKind.Token);
        Door[] wrong =
        [
            secure with { Authority = null },
            new($"http://{secure.HostAndPort}", AsksForTokens: true),
            new($"https://{plain.HostAndPort}", secure.Authority, AsksForTokens: true),
        ];
        foreach (var door in wrong)
        {
            await RefusedAsync(client, door, DoorTokens.Of("admin"), SchemaSource.Files, "cluster.v1.Nodes/List", StatusCode.Unavailable, "");
        }
    }

    private Task EachIsRefusedAsync(ClientKind client, DoorKind door, Func<string, IEnumerable<(string? Token, StatusCode Code, string Message)>> refusals)
    {
        ForeignTools.Require(coordinators.Missing);
        return EachIsRefusedAsync(client, coordinators.Door(door), refusals);
    }

    private async Task EachIsRefusedAsync(ClientKind client, Door door, Func<string, IEnumerable<(string? Token, StatusCode Code, string Message)>> refusals)
    {
        var methods = await ServedMethods.OfAsync(coordinators.Door(DoorKind.Plain));
        Assert.NotEmpty(methods);
        foreach (var method in methods)
        {
            foreach (var (token, code, message) in refusals(method))
            {
                await RefusedAsync(client, door, token, SchemaSource.Files, method, code, message);
            }
        }
    }

    private async Task RefusedAsync(ClientKind client, Door door, string? token, SchemaSource schema, string method, StatusCode code, string message)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        await using var call = coordinators.Caller(client).Start(new CallOrder(door, token, schema, method, ["{}"]));
        Assert.Null(await call.ReadAsync(deadline.Token));
        var end = await call.EndAsync(deadline.Token);
        Assert.True(end.Code == code, $"{method} at {door.Address} ended with {end}.");
        Assert.Contains(message, end.Message, StringComparison.Ordinal);
    }
}
