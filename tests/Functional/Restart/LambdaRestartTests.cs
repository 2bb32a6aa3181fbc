using System.Diagnostics;
using Cluster.Protocol.V1;
using Cluster.TestKit;
using Cluster.TestKit.Coordinator;
using Cluster.TestKit.Processes;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Xunit;
using JobsClient = Cluster.Protocol.V1.Jobs.JobsClient;

namespace Cluster.Functional.Restart;

/// <summary>Lambdas and the end of the coordinator.</summary>
public sealed class LambdaRestartTests
{
    private const int Items = 200;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Signals.Kill)]
    [InlineData(Signals.Terminate)]
    public async Task A_submitted_lambda_goes_on_with_its_own_copy_of_the_code(int signal)
    {
        await using var cluster = await RestartableCluster.StartAsync(Token);
        var request = new MapRequest
        {
            Csharp = "async (int x) => { await Task.Delay(20); return x * x; }",
            Items = { Enumerable.Range(0, Items).Select(static i => Value.ForNumber(i)) },
            ChunkSize = 1,
            RequestId = "once",
        };
        string id;
        using (var channel = TestChannel.Open(cluster.Client.Address))
        {
            var jobs = new JobsClient(channel);
            id = (await jobs.SubmitAsync(request, cancellationToken: Token)).JobId;
            using var watch = jobs.Watch(new WatchJobRequest { JobId = id }, cancellationToken: Token);
            while (await watch.ResponseStream.MoveNext(Token) && watch.ResponseStream.Current.Completed == 0)
            {
                // It tells again.
            }
        }

        await cluster.StopAsync(signal);
        await cluster.StartAgainAsync();
        using var again = TestChannel.Open(cluster.Client.Address);
        var client = new JobsClient(again);
        using var call = client.Results(new JobResultsRequest { JobId = id }, cancellationToken: Token);
        List<double> results = [];
        while (await call.ResponseStream.MoveNext(Token))
        {
            results.Add(call.ResponseStream.Current.Value.NumberValue);
        }

        Assert.Equal(Enumerable.Range(0, Items).Select(static i => (double)i * i), results);
        Assert.Equal(id, (await client.SubmitAsync(request, cancellationToken: Token)).JobId);
    }

    [Fact]
    public async Task No_compiler_outlives_a_coordinator_that_is_killed()
    {
        var mark = new ProcessMark();
        var start = new ProcessStartInfo("dotnet", ["exec", ClusterProgram.Coordinator, "--listen", "http://127.0.0.1:0", "--journal", "memory"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        mark.Set(start);
        using var coordinator = Process.Start(start)!;
        coordinator.ErrorDataReceived += static (_, _) => { };
        coordinator.BeginErrorReadLine();
        var line = await coordinator.StandardOutput.ReadLineAsync(Token);
        var address = System.Text.Json.JsonDocument.Parse(line!).RootElement.GetProperty("addresses")[0].GetString()!;
        using var channel = TestChannel.Open(address);
        var bomb = "static class C { public static int M(Func<int, int> f) => 1; public static int M(Func<string, int> f) => 1; public static int M(Func<long, int> f) => 1; } (int x) => "
            + $"{string.Concat(Enumerable.Range(0, 14).Select(static i => $"C.M(a{i} => "))}a0.Nope{new string(')', 14)}";
        var compiling = new JobsClient(channel).MapAsync(new MapRequest { Csharp = bomb }, cancellationToken: Token).ResponseAsync;
        while (!mark.FindAlive().Values.Any(static command => command.Contains("Cluster.Compiler.dll", StringComparison.Ordinal)))
        {
            Assert.False(compiling.IsCompleted);
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Token);
        }

        coordinator.Kill();
        await Assert.ThrowsAsync<RpcException>(() => compiling.Within());
        await mark.WaitUntilNoneIsLeftAsync(TimeSpan.FromSeconds(20), Token);
    }
}
