using Xunit;

namespace Cluster.Interop.Doors.Cases;

/// <summary>Health and reflection, which every server of gRPC has.</summary>
internal static class StandardCases
{
    /// <summary>Of the coordinator.</summary>
    public static Dictionary<string, MethodCase> All { get; } = Create("", "cluster.v1.Jobs");

    /// <summary>Of the status port.</summary>
    public static Dictionary<string, MethodCase> OfStatus { get; } = Create("ready", "externalscaler.ExternalScaler");

    private static Dictionary<string, MethodCase> Create(string healthy, string served) => new()
    {
        ["grpc.health.v1.Health/Check"] = new(MethodCases.Anybody, async visit =>
            Assert.Equal("SERVING", (await visit.AskAsync("grpc.health.v1.Health/Check", $$"""{"service":"{{healthy}}"}""")).GetProperty("status").GetString())),
        ["grpc.health.v1.Health/Watch"] = new(MethodCases.Anybody, async visit =>
        {
            await using var watch = visit.Watch("grpc.health.v1.Health/Watch", $$"""{"service":"{{healthy}}"}""");
            Assert.Equal("SERVING", (await Visit.NextAsync(watch)).GetProperty("status").GetString());
        }),
        ["grpc.reflection.v1.ServerReflection/ServerReflectionInfo"] = new(MethodCases.Anybody, visit => ListAsync(visit, "v1", served)),
        ["grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"] = new(MethodCases.Anybody, visit => ListAsync(visit, "v1alpha", served)),
    };

    private static async Task ListAsync(Visit visit, string version, string served)
    {
        var reply = await visit.AskAsync($"grpc.reflection.{version}.ServerReflection/ServerReflectionInfo", """{"listServices":"*"}""");
        var services = reply.GetProperty("listServicesResponse").GetProperty("service").EnumerateArray();
        Assert.Contains(served, services.Select(static service => service.GetProperty("name").GetString()));
    }
}
