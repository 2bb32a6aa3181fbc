using System.Text.Json;
using Cluster.Interop.Doors.Callers;
using Cluster.Interop.Doors.Cases;
using Grpc.Core;
using Xunit;

namespace Cluster.Interop.Doors;

/// <summary>One case, with one client, through one door.</summary>
/// <param name="caller">The client.</param>
/// <param name="door">The door.</param>
/// <param name="schema">Where the client's descriptors come from.</param>
/// <param name="name">Of this visit alone: for what it makes in the cluster.</param>
internal sealed class Visit(ForeignCaller caller, Door door, SchemaSource schema, string name)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>Of this visit alone: for what it makes in the cluster.</summary>
    public string Name => name;

    /// <summary>The replies of a call, which has to end well. The token is the least that lets one in.</summary>
    /// <param name="method">Which method, without <c>cluster.v1.</c> where it begins like that.</param>
    /// <param name="messages">JSON.</param>
    public async Task<IReadOnlyList<JsonElement>> CallAsync(string method, params string[] messages)
    {
        await using var call = Start(method, staysOpen: false, messages);
        using var deadline = WithDeadline();
        List<JsonElement> replies = [];
        while (await call.ReadAsync(deadline.Token) is { } reply)
        {
            replies.Add(reply);
        }

        var end = await call.EndAsync(deadline.Token);
        Assert.True(end.Code == StatusCode.OK, $"{method} {string.Join(' ', messages)} ended with {end.Code}: {end.Message}");
        return replies;
    }

    /// <summary>The reply of a call that has one.</summary>
    public async Task<JsonElement> AskAsync(string method, string message) => Assert.Single(await CallAsync(method, message));

    /// <summary>Begins a call whose replies do not come to an end. Read them with <see cref="NextAsync"/>.</summary>
    public ForeignCall Watch(string method, string message) => Start(method, staysOpen: false, message);

    /// <summary>The same where the caller's side is a stream, which stays open.</summary>
    public ForeignCall Open(string method, params string[] messages) => Start(method, staysOpen: true, messages);

    /// <summary>The next reply of a call that has not ended.</summary>
    public static async Task<JsonElement> NextAsync(ForeignCall call)
    {
        using var deadline = WithDeadline();
        return await call.ReadAsync(deadline.Token) is { } reply ? reply : throw new InvalidOperationException($"The call ended: {await call.EndAsync(deadline.Token)}");
    }

    private static CancellationTokenSource WithDeadline()
    {
        var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        return deadline;
    }

    private ForeignCall Start(string method, bool staysOpen, params string[] messages)
    {
        var full = method.StartsWith("grpc.", StringComparison.Ordinal) || method.StartsWith("externalscaler.", StringComparison.Ordinal) ? method : $"cluster.v1.{method}";
        var token = door.AsksForTokens ? DoorTokens.Of(MethodCases.Coordinator[full].Roles[0]) : null;
        return caller.Start(new CallOrder(door, token, schema, full, messages, staysOpen));
    }
}
