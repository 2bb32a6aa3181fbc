using System.Globalization;
using Cluster.Protocol;
using Xunit;

namespace Cluster.Interop.Doors.Cases;

internal static class NodeCases
{
    public static Dictionary<string, MethodCase> All { get; } = new()
    {
        ["cluster.v1.Nodes/Attach"] = new(MethodCases.Nodes, static async visit =>
        {
            await using var node = visit.Open("Nodes/Attach", Hello(visit), """{"heartbeat":{"sequence":7}}""");
            Assert.True((await Visit.NextAsync(node)).TryGetProperty("welcome", out _));
            Assert.Equal("7", (await Visit.NextAsync(node)).GetProperty("heartbeatAck").GetProperty("sequence").GetString());
        }),
        ["cluster.v1.Nodes/List"] = new(MethodCases.Readers, static async visit =>
        {
            var reply = await visit.AskAsync("Nodes/List", "{}");
            Assert.Contains("node-1", reply.GetProperty("nodes").EnumerateArray().Select(static node => node.GetProperty("name").GetString()));
            Assert.Equal(ProtocolVersion.Current, reply.GetProperty("coordinator").GetProperty("protocolVersion").GetUInt32());
        }),
        ["cluster.v1.Nodes/Drain"] = new(MethodCases.Administrators, static async visit =>
        {
            await using var node = visit.Open("Nodes/Attach", Hello(visit));
            Assert.True((await Visit.NextAsync(node)).TryGetProperty("welcome", out _));
            await visit.AskAsync("Nodes/Drain", $$"""{"node":"{{visit.Name}}"}""");
            Assert.True((await Visit.NextAsync(node)).TryGetProperty("drain", out _));
        }),
    };

    private static string Hello(Visit visit) => string.Create(
        CultureInfo.InvariantCulture,
        $$$"""{"hello":{"protocolVersion":{{{ProtocolVersion.Current}}},"version":"0.1.0","name":"{{{visit.Name}}}","slots":1,"host":"elsewhere","pid":1,"runtime":"none"}}""");
}
