using Xunit;

namespace Cluster.Interop.Doors.Cases;

internal static class BroadcastCases
{
    public static Dictionary<string, MethodCase> All { get; } = new()
    {
        ["cluster.v1.Broadcasts/Hold"] = new(MethodCases.Submitters, static async visit =>
        {
            var value = new FileOf("text", $"to be held by {visit.Name}");
            var reply = await visit.AskAsync("Broadcasts/Hold", $$"""{"hold":[{{value.Reference}}]}""");
            Assert.Equal(value.Sha256, Assert.Single(reply.GetProperty("missing").EnumerateArray()).GetProperty("sha256").GetString());
        }),
        ["cluster.v1.Broadcasts/Upload"] = new(MethodCases.Submitters, static async visit =>
            Assert.Equal(1, (await visit.AskAsync("Broadcasts/Upload", new FileOf("text", $"uploaded by {visit.Name}").Block)).GetProperty("stored").GetInt32())),
        ["cluster.v1.Broadcasts/Download"] = new(MethodCases.Nodes, static async visit =>
        {
            var value = new FileOf("text", $"for nodes, by {visit.Name}");
            await using var held = visit.Open("Broadcasts/Hold", $$"""{"hold":[{{value.Reference}}]}""");
            await Visit.NextAsync(held);
            await visit.CallAsync("Broadcasts/Upload", value.Block);
            Assert.True(value.IsIn(await visit.CallAsync("Broadcasts/Download", $$"""{"sha256":"{{value.Sha256}}"}""")));
        }),
    };
}
