using System.Text.Json;
using Xunit;

namespace Cluster.Interop.Doors.Cases;

internal static class DictCases
{
    public static Dictionary<string, MethodCase> All { get; } = new()
    {
        ["cluster.v1.Dict/Get"] = new(MethodCases.Readers, static async visit =>
        {
            var version = await SetAsync(visit, "key", """{"a":[1,"two",null]}""");
            var item = await visit.AskAsync("Dict/Get", Entry(visit, "key"));
            Assert.Equal(("""{"a":[1,"two",null]}""", version), (JsonSerializer.Serialize(item.GetProperty("value")), item.GetProperty("version").GetString()));
        }),
        ["cluster.v1.Dict/Set"] = new(MethodCases.Submitters, static async visit => Assert.NotEqual(await SetAsync(visit, "key", "1"), await SetAsync(visit, "key", "1"))),
        ["cluster.v1.Dict/Delete"] = new(MethodCases.Submitters, static async visit =>
        {
            await SetAsync(visit, "key", "1");
            Assert.True((await visit.AskAsync("Dict/Delete", Entry(visit, "key"))).GetProperty("deleted").GetBoolean());
            Assert.False((await visit.AskAsync("Dict/Delete", Entry(visit, "key"))).TryGetProperty("deleted", out _));
        }),
        ["cluster.v1.Dict/CompareAndSet"] = new(MethodCases.Submitters, static async visit =>
        {
            var version = await SetAsync(visit, "key", "1");
            Assert.False((await CompareAndSetAsync("0")).TryGetProperty("done", out _));
            Assert.True((await CompareAndSetAsync(version)).GetProperty("done").GetBoolean());

            Task<JsonElement> CompareAndSetAsync(string expected) =>
                visit.AskAsync("Dict/CompareAndSet", $$"""{"dict":"{{visit.Name}}","key":"key","version":"{{expected}}","value":2}""");
        }),
        ["cluster.v1.Dict/Increment"] = new(MethodCases.Submitters, static async visit =>
        {
            await visit.AskAsync("Dict/Increment", Entry(visit, "count"));
            Assert.Equal(3.5, (await visit.AskAsync("Dict/Increment", $$"""{"dict":"{{visit.Name}}","key":"count","by":2.5}""")).GetProperty("value").GetDouble());
        }),
        ["cluster.v1.Dict/List"] = new(MethodCases.Readers, static async visit =>
        {
            await SetAsync(visit, "a", "1");
            await SetAsync(visit, "b", "true");
            var items = (await visit.AskAsync("Dict/List", $$"""{"dict":"{{visit.Name}}"}""")).GetProperty("items").EnumerateArray();
            Assert.Equal(["a 1", "b true"], items.Select(static item => $"{item.GetProperty("key")} {item.GetProperty("value").GetRawText()}"));
        }),
        ["cluster.v1.Dict/Clear"] = new(MethodCases.Submitters, static async visit =>
        {
            await SetAsync(visit, "a", "1");
            Assert.Equal("1", (await visit.AskAsync("Dict/Clear", $$"""{"dict":"{{visit.Name}}"}""")).GetProperty("count").GetString());
        }),
        ["cluster.v1.Dict/Watch"] = new(MethodCases.Readers, static async visit =>
        {
            await using var watch = visit.Watch("Dict/Watch", $$"""{"dict":"{{visit.Name}}"}""");
            Assert.True((await Visit.NextAsync(watch)).GetProperty("current").GetBoolean());
            var version = await SetAsync(visit, "a", "1");
            var change = await Visit.NextAsync(watch);
            Assert.Equal(("a", version), (change.GetProperty("set").GetProperty("key").GetString(), change.GetProperty("revision").GetString()));
        }),
    };

    private static string Entry(Visit visit, string key) => $$"""{"dict":"{{visit.Name}}","key":"{{key}}"}""";

    private static async Task<string> SetAsync(Visit visit, string key, string value) =>
        (await visit.AskAsync("Dict/Set", $$"""{"dict":"{{visit.Name}}","key":"{{key}}","value":{{value}}}""")).GetProperty("version").GetString()!;
}
