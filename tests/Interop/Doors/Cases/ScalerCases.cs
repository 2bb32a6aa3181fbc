using Xunit;

namespace Cluster.Interop.Doors.Cases;

/// <summary>What KEDA asks, at the status port.</summary>
internal static class ScalerCases
{
    private const string Asker = """{"name":"cluster-node","namespace":"cluster","scalerMetadata":{"targetSeconds":"60"}}""";

    public static Dictionary<string, MethodCase> All { get; } = new()
    {
        ["externalscaler.ExternalScaler/IsActive"] = new(MethodCases.Anybody, static async visit =>
        {
            await UntilIdleAsync(visit);

            // False, which JSON leaves out.
            Assert.Equal("{}", (await visit.AskAsync("externalscaler.ExternalScaler/IsActive", Asker)).GetRawText());
        }),
        ["externalscaler.ExternalScaler/StreamIsActive"] = new(MethodCases.Anybody, UntilIdleAsync),
        ["externalscaler.ExternalScaler/GetMetricSpec"] = new(MethodCases.Anybody, static async visit =>
        {
            var spec = Assert.Single((await visit.AskAsync("externalscaler.ExternalScaler/GetMetricSpec", Asker)).GetProperty("metricSpecs").EnumerateArray());
            Assert.Equal(("nodes", "1"), (spec.GetProperty("metricName").GetString(), spec.GetProperty("targetSize").GetString()));
        }),
        ["externalscaler.ExternalScaler/GetMetrics"] = new(MethodCases.Anybody, static async visit =>
        {
            var reply = await visit.AskAsync("externalscaler.ExternalScaler/GetMetrics", $$"""{"scaledObjectRef":{{Asker}},"metricName":"nodes"}""");
            Assert.Equal("nodes", Assert.Single(reply.GetProperty("metricValues").EnumerateArray()).GetProperty("metricName").GetString());
        }),
    };

    /// <summary>What earlier visits have left to do comes to its end.</summary>
    private static async Task UntilIdleAsync(Visit visit)
    {
        await using var watch = visit.Watch("externalscaler.ExternalScaler/StreamIsActive", Asker);
        while ((await Visit.NextAsync(watch)).TryGetProperty("result", out _))
        {
        }
    }
}
