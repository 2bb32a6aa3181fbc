using System.Globalization;
using Cluster.Protocol;
using Xunit;

namespace Cluster.Interop.Doors.Cases;

internal static class ObjectCases
{
    public static Dictionary<string, MethodCase> All { get; } = new()
    {
        ["cluster.v1.Objects/Session"] = new(["submit", "node", "admin"], static async visit =>
        {
            var replies = await visit.CallAsync(
                "Objects/Session",
                string.Create(CultureInfo.InvariantCulture, $$$"""{"hello":{"protocolVersion":{{{ProtocolVersion.Current}}},"name":"{{{visit.Name}}}"}}"""),
                $$"""{"requests":[{"number":"1","open":{"queue":{"capacity":2},"kind":"OBJECT_KIND_QUEUE","name":"{{visit.Name}}"} }]}""",
                """{"bye":true}""");
            Assert.True(replies[0].TryGetProperty("welcome", out _), $"It began with {replies[0]}.");
            var opened = Assert.Single(replies.Skip(1).SelectMany(static reply => reply.GetProperty("replies").EnumerateArray())).GetProperty("opened");
            Assert.Equal((visit.Name, true), (opened.GetProperty("name").GetString(), opened.GetProperty("created").GetBoolean()));
        }),
    };
}
