using System.Globalization;
using System.Text;
using System.Text.Json;
using Cluster.Protocol;
using Xunit;

namespace Cluster.Interop.Doors.Cases;

internal static class JobCases
{
    private const string Squares = """{"function":"samples/square","items":[1,2,3]}""";

    public static Dictionary<string, MethodCase> All { get; } = new()
    {
        ["cluster.v1.Jobs/Run"] = new(MethodCases.Submitters, RunAsync),
        ["cluster.v1.Jobs/Map"] = new(MethodCases.Submitters, static async visit =>
            Assert.Equal("""{"results":[{"value":1},{"value":4},{"value":9}]}""", Compact(await visit.AskAsync("Jobs/Map", Squares)))),
        ["cluster.v1.Jobs/IMap"] = new(MethodCases.Submitters, static async visit =>
            Assert.Equal([("0", 1), ("1", 4), ("2", 9)], Values(await visit.CallAsync("Jobs/IMap", """{"function":"samples/square","items":[1,2,3],"ordered":true}""")))),
        ["cluster.v1.Jobs/Submit"] = new(MethodCases.Submitters, static async visit =>
        {
            var request = $$"""{"function":"samples/square","items":[1],"requestId":"{{visit.Name}}"}""";
            var first = await visit.AskAsync("Jobs/Submit", request);
            var second = await visit.AskAsync("Jobs/Submit", request);
            Assert.Equal((first.GetProperty("jobId").GetString(), true), (second.GetProperty("jobId").GetString(), second.GetProperty("known").GetBoolean()));
        }),
        ["cluster.v1.Jobs/Get"] = new(MethodCases.Readers, static async visit =>
        {
            var job = await SubmitAsync(visit);
            Assert.Equal((job, "3"), (Text(await visit.AskAsync("Jobs/Get", Job(job)), "jobId"), Text(await visit.AskAsync("Jobs/Get", Job(job)), "items")));
        }),
        ["cluster.v1.Jobs/List"] = new(MethodCases.Readers, static async visit =>
        {
            var job = await SubmitAsync(visit);
            var page = await visit.AskAsync("Jobs/List", """{"namePrefix":"samples/","kind":"JOB_KIND_SUBMITTED","pageSize":1}""");
            Assert.Equal(job, Text(Assert.Single(page.GetProperty("jobs").EnumerateArray()), "jobId"));
        }),
        ["cluster.v1.Jobs/Watch"] = new(MethodCases.Readers, static async visit =>
        {
            var last = (await visit.CallAsync("Jobs/Watch", Job(await SubmitAsync(visit))))[^1];
            Assert.Equal(("JOB_STATUS_DONE", "3"), (Text(last, "state"), Text(last, "completed")));
        }),
        ["cluster.v1.Jobs/Results"] = new(MethodCases.Readers, static async visit =>
        {
            var job = await SubmitAsync(visit);
            Assert.Equal([("0", 1), ("1", 4), ("2", 9)], Values(await visit.CallAsync("Jobs/Results", Job(job))));
            Assert.Equal([("2", 9)], Values(await visit.CallAsync("Jobs/Results", $$"""{"jobId":"{{job}}","fromIndex":2}""")));
        }),
        ["cluster.v1.Jobs/ResultBatches"] = new(MethodCases.Readers, static async visit =>
            Assert.Equal("149", Payloads(await visit.CallAsync("Jobs/ResultBatches", Job(await SubmitAsync(visit)))))),
        ["cluster.v1.Jobs/Cancel"] = new(MethodCases.Submitters, static async visit =>
        {
            var job = Text(await visit.AskAsync("Jobs/Submit", """{"function":"samples/wait","items":[60,60,60]}"""), "jobId");
            Assert.Equal("JOB_STATUS_CANCELLED", Text(await visit.AskAsync("Jobs/Cancel", Job(job)), "state"));
        }),
    };

    private static async Task<string> SubmitAsync(Visit visit) => Text(await visit.AskAsync("Jobs/Submit", Squares), "jobId");

    private static async Task RunAsync(Visit visit)
    {
        string[] items = ["49", "81"];
        byte[] lengths = [.. items.SelectMany(static item => BitConverter.GetBytes((uint)item.Length))];
        var version = ProtocolVersion.Current.ToString(CultureInfo.InvariantCulture);
        var replies = await visit.CallAsync(
            "Jobs/Run",
            $$$"""
            {"open":{"protocolVersion":{{{version}}},"name":"roots","function":{"assembly":"System.Private.CoreLib","type":"System.Math","method":"Sqrt"},
            "inputFormat":"FORMAT_JSON","resultFormat":"FORMAT_JSON","arguments":"ARGUMENTS_SINGLE"}}
            """.ReplaceLineEndings(""),
            $$$"""{"inputs":{"count":{{{items.Length}}},"format":"FORMAT_JSON","lengths":"{{{Convert.ToBase64String(lengths)}}}","payload":"{{{Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Concat(items)))}}}"}}""",
            $$$"""{"endInputs":{"count":{{{items.Length}}}}}""");
        Assert.True(replies[0].TryGetProperty("accepted", out _), $"It began with {replies[0]}.");
        Assert.False(replies[^1].GetProperty("end").TryGetProperty("error", out var error), $"The job failed: {error}");
        Assert.Equal("79", Payloads(replies.Where(static reply => reply.TryGetProperty("results", out _)).Select(static reply => reply.GetProperty("results"))));
    }

    // What the batches have, in the order of the items.
    private static string Payloads(IEnumerable<JsonElement> results) => string.Concat(results
        .SelectMany(static result => result.GetProperty("batches").EnumerateArray())
        .OrderBy(static batch => batch.TryGetProperty("first", out var first) ? int.Parse(first.GetString()!, CultureInfo.InvariantCulture) : 0)
        .Select(static batch => Encoding.UTF8.GetString(batch.GetProperty("payload").GetBytesFromBase64())));

    private static string Job(string id) => $$"""{"jobId":"{{id}}"}""";

    private static string Text(JsonElement reply, string name) => reply.GetProperty(name).GetString()!;

    private static string Compact(JsonElement reply) => JsonSerializer.Serialize(reply);

    private static IEnumerable<(string Index, double Value)> Values(IEnumerable<JsonElement> results) =>
        results.Select(static result => (Text(result, "index"), result.GetProperty("value").GetDouble()));
}
