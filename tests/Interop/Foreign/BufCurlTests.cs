using System.Text.Json;
using Cluster.Interop.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xunit;

namespace Cluster.Interop.Foreign;

/// <summary>`buf curl` against our server: with its .proto files, with reflection, and against health.</summary>
public sealed class BufCurlTests
{
    [Fact]
    public async Task Calls_with_proto_files()
    {
        (int exitCode, string output, string errors) = await CurlAsync(
            "grpc.testing.TestService/UnaryCall", "{\"responseSize\": 3}", "--schema", ForeignTools.ProtoDirectory);
        Assert.True(exitCode == 0, errors);
        Assert.Equal("AAAA", JsonDocument.Parse(output).RootElement.GetProperty("payload").GetProperty("body").GetString());
    }

    [Theory]
    [InlineData("grpc-v1")]
    [InlineData("grpc-v1alpha")]
    public async Task Calls_with_reflection(string protocol)
    {
        (int exitCode, string output, string errors) = await CurlAsync(
            "grpc.testing.TestService/UnaryCall", "{\"responseSize\": 3}", "--reflect", "--reflect-protocol", protocol);
        Assert.True(exitCode == 0, errors);
        Assert.Equal("AAAA", JsonDocument.Parse(output).RootElement.GetProperty("payload").GetProperty("body").GetString());
    }

    [Fact]
    public async Task Streams_with_reflection()
    {
        (int exitCode, string output, string errors) = await CurlAsync(
            "grpc.testing.TestService/FullDuplexCall",
            "{\"responseParameters\": [{\"size\": 3}, {\"size\": 6}]} {\"responseParameters\": [{\"size\": 9}]}",
            "--reflect");
        Assert.True(exitCode == 0, errors);
        Assert.Equal(3, output.Split("\"body\"").Length - 1);
    }

    [Fact]
    public async Task Lists_the_services()
    {
        (int exitCode, string output, string errors) = await CurlAsync("", null, "--list-services");
        Assert.True(exitCode == 0, errors);
        Assert.Equal(
            ["grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection", "grpc.testing.TestService"],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Exits_with_eight_times_the_status_code()
    {
        (int exitCode, _, string errors) = await CurlAsync(
            "grpc.testing.TestService/UnaryCall", "{\"responseStatus\": {\"code\": 9, \"message\": \"not so\"}}", "--reflect");
        Assert.Equal(72, exitCode);
        Assert.Contains("not so", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "SERVING")]
    [InlineData("storage", "NOT_SERVING")]
    public async Task Health_is_told(string service, string status)
    {
        (int exitCode, string output, string errors) = await CurlAsync("grpc.health.v1.Health/Check", $"{{\"service\": \"{service}\"}}", "--reflect");
        Assert.True(exitCode == 0, errors);
        Assert.Equal(status, JsonDocument.Parse(output).RootElement.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Health_of_an_unknown_service_is_not_found()
    {
        (int exitCode, _, _) = await CurlAsync("grpc.health.v1.Health/Check", "{\"service\": \"unheard-of\"}", "--reflect");
        Assert.Equal(8 * 5, exitCode);
    }

    private static async Task<(int ExitCode, string Output, string Errors)> CurlAsync(string path, string? data, params string[] options)
    {
        ForeignTools.Require(ForeignTools.MissingForBuf());
        await using InteropServer server = await InteropServer.StartAsync(
            builder =>
            {
                builder.Services.AddGrpcReflection();
                builder.Services.AddGrpcHealthChecks(health =>
                    {
                        health.Services.Map("", check => check.Name != "storage");
                        health.Services.Map("storage", check => check.Name == "storage");
                    })
                    .AddCheck("storage", () => HealthCheckResult.Unhealthy("full"));
            },
            app =>
            {
                app.MapGrpcService<InteropService>();
                app.MapGrpcHealthChecksService();
                app.MapGrpcReflectionService();
            });
        string[] body = data is null ? [] : ["--data", data];
        await using ForeignProcess buf = ForeignProcess.Start(
            ForeignTools.Buf,
            ["curl", "--protocol", "grpc", "--http2-prior-knowledge", .. options, .. body, $"{server.Address}/{path}".TrimEnd('/')],
            ForeignTools.ProjectDirectory);
        return await buf.WaitAsync(TestContext.Current.CancellationToken);
    }
}
