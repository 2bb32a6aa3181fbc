using System.Text.Json;
using Cluster.TestKit.Processes;
using Xunit;

namespace Cluster.Interop.Doors.Cases;

internal static class FunctionCases
{
    public static Dictionary<string, MethodCase> All { get; } = new()
    {
        ["cluster.v1.Functions/Missing"] = new(MethodCases.Anybody, static async visit =>
        {
            var file = new FileOf("unheard-of", visit.Name);
            var reply = await visit.AskAsync("Functions/Missing", $$"""{"files":[{{file.Reference}}]}""");
            Assert.Equal(file.Sha256, Assert.Single(reply.GetProperty("files").EnumerateArray()).GetProperty("sha256").GetString());
        }),
        ["cluster.v1.Functions/Upload"] = new(MethodCases.Submitters, static async visit =>
        {
            var file = new FileOf("uploaded", visit.Name);
            Assert.Equal(1, (await visit.AskAsync("Functions/Upload", file.Block)).GetProperty("stored").GetInt32());
            Assert.False((await visit.AskAsync("Functions/Missing", $$"""{"files":[{{file.Reference}}]}""")).TryGetProperty("files", out _));
        }),
        ["cluster.v1.Functions/Download"] = new(MethodCases.Nodes, static async visit =>
        {
            var file = new FileOf("to-be-downloaded", visit.Name);
            await visit.CallAsync("Functions/Upload", file.Block);
            Assert.True(file.IsIn(await visit.CallAsync("Functions/Download", $$"""{"sha256":"{{file.Sha256}}"}""")));
        }),
        ["cluster.v1.Functions/Register"] = new(MethodCases.Submitters, static async visit =>
        {
            var set = (await RegisterAsync(visit)).GetProperty("set");
            Assert.Contains($"{visit.Name}/square", set.GetProperty("functions").EnumerateArray().Select(static function => function.GetProperty("name").GetString()));
        }),
        ["cluster.v1.Functions/List"] = new(MethodCases.Readers, static async visit =>
        {
            var set = Assert.Single((await visit.AskAsync("Functions/List", """{"set":"samples"}""")).GetProperty("sets").EnumerateArray());
            var power = set.GetProperty("functions").EnumerateArray().Single(static function => function.GetProperty("name").GetString() == "samples/power");
            Assert.Equal(["double", "int"], power.GetProperty("parameters").EnumerateArray().Select(static parameter => parameter.GetProperty("type").GetString()));
        }),
        ["cluster.v1.Functions/Find"] = new(MethodCases.Readers, static async visit =>
        {
            var found = await visit.AskAsync("Functions/Find", """{"name":"samples/power"}""");
            Assert.Equal("samples/power", found.GetProperty("description").GetProperty("name").GetString());
            Assert.Equal("Power", found.GetProperty("function").GetProperty("method").GetString());
        }),
        ["cluster.v1.Functions/Compile"] = new(MethodCases.Submitters, static async visit =>
        {
            var compiled = await visit.AskAsync("Functions/Compile", """{"csharp":"(int x, string s) => s.Length * x"}""");
            Assert.Equal(["int", "string"], compiled.GetProperty("description").GetProperty("parameters").EnumerateArray().Select(static parameter => parameter.GetProperty("type").GetString()));
        }),
        ["cluster.v1.Functions/Unregister"] = new(MethodCases.Administrators, static async visit =>
        {
            await RegisterAsync(visit);
            Assert.Equal(1, (await visit.AskAsync("Functions/Unregister", $$"""{"set":"{{visit.Name}}"}""")).GetProperty("versions").GetInt32());
        }),
    };

    private static async Task<JsonElement> RegisterAsync(Visit visit)
    {
        // It has been pushed, and so its file is there.
        var samples = new FileOf("samples", await File.ReadAllBytesAsync(BuildOutput.Of("samples/Functions", "samples.dll"), TestContext.Current.CancellationToken));
        return await visit.AskAsync("Functions/Register", $$$"""{"set":"{{{visit.Name}}}","assembly":"samples","code":{"files":[{{{samples.Reference}}}]}}""");
    }
}
