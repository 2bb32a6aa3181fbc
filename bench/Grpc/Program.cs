// Prints what a call and a stream message cost over loopback: medians of several rounds, and CPU time of both ends together, which other load does not change; server and client in one process as in the project's tests.
// Usage: dotnet run -c Release --project bench/Grpc [rounds [part of a name]]
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Cluster.Bench.Transport;
using Grpc.Net.Client;
using Grpc.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

int rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;
string filter = args.Length > 1 ? args[1] : "";
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseGrpcTransport().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
builder.Services.AddGrpc();
await using WebApplication app = builder.Build();
app.MapGrpcService<EchoService>();
await app.StartAsync();
using GrpcChannel channel = GrpcEndpoint.Parse(app.Urls.Single()).CreateChannel();
var work = new Workloads(new Echo.EchoClient(channel));

await ReportAsync("unary 100 B, 1 caller", 0, () => work.UnaryAsync(1, 20_000));
await ReportAsync("unary 100 B, 64 callers", 0, () => work.UnaryAsync(64, 64_000));
await ReportAsync("duplex round trip, 1 stream", 0, () => work.DuplexAsync(1, 30_000));
await ReportAsync("duplex round trip, 16 streams", 0, () => work.DuplexAsync(16, 96_000));
await ReportAsync("client to server, 64 B", 64, () => work.UploadAsync(64, 2_000_000));
await ReportAsync("client to server, 64 KiB", 64 << 10, () => work.UploadAsync(64 << 10, 16_000));
await ReportAsync("client to server, 1 MiB", 1 << 20, () => work.UploadAsync(1 << 20, 1_000));
await ReportAsync("server to client, 64 B", 64, () => work.DownloadAsync(64, 1_000_000));
await ReportAsync("server to client, 64 KiB", 64 << 10, () => work.DownloadAsync(64 << 10, 16_000));
await ReportAsync("server to client, 1 MiB", 1 << 20, () => work.DownloadAsync(1 << 20, 1_000));

async Task ReportAsync(string name, long bytes, Func<Task<long>> run)
{
    if (!name.Contains(filter, StringComparison.Ordinal))
    {
        return;
    }

    await run();
    List<double> rates = [];
    List<double> processorTimes = [];
    for (int i = 0; i < rounds; i++)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        long count = await run();
        rates.Add(count / Stopwatch.GetElapsedTime(start).TotalSeconds);
        processorTimes.Add((Environment.CpuUsage.TotalTime - before).TotalMicroseconds / count);
    }

    double rate = rates.Order().ElementAt(rounds / 2);
    double processorTime = processorTimes.Order().ElementAt(rounds / 2);
    string throughput = bytes >= 1024 ? $"{rate * bytes / 1e6,10:N0} MB/s" : $"{1e6 / rate,10:N2} µs  ";
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-32}{rate,14:N0} /s {throughput} {processorTime,10:N2} µs of CPU"));
}
