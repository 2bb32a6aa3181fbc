// Cluster against CPython's multiprocessing.Pool and concurrent.futures, in one run on one machine:
//
//   dotnet run -c Release --project bench/Comparison [--python PATH] [--rounds N] [--only TEXT]
//
// Rounds alternate between the two sides, so that a machine whose speed drifts drifts under both. The table shows medians, and the
// median of the ratios round by round.
using System.Diagnostics;
using System.Globalization;
using Cluster.Bench.Comparison;
using Cluster.Client;

var python = Option("--python") ?? "python3";
var rounds = int.Parse(Option("--rounds") ?? "7", CultureInfo.InvariantCulture);
var only = Option("--only");
var cancellationToken = CancellationToken.None;

await using var peer = await PythonPeer.StartAsync(python, cancellationToken);
var start = Stopwatch.GetTimestamp();
await using var local = await LocalCluster.StartAsync(new LocalClusterOptions { Nodes = 1, WorkersPerNode = 2 });
await local.Client.Submit(Work.Square, 3);
var firstResult = Stopwatch.GetElapsedTime(start);

Console.WriteLine($"CPython {peer.Version}, .NET {Environment.Version}, {Environment.ProcessorCount} CPUs, 2 workers on each side, {rounds} rounds.");
Console.WriteLine($"`LocalCluster.StartAsync` to first result: {firstResult.TotalMilliseconds:F0} ms.");
Console.WriteLine();
Console.WriteLine("| work (cluster · peer) | unit | cluster | peer | ratio, median (min–max) | target |");
Console.WriteLine("|---|---|---|---|---|---|");

await using var watching = new WatchRows(peer);
foreach (var row in new Rows(local.Client, peer).All.Concat(new SharedRows(local.Client, peer).All).Concat(watching.All).Where(row => only is null || row.Name.Contains(only, StringComparison.Ordinal)))
{
    // One round of each that does not count: code is compiled, pools are warm.
    await row.Cluster(cancellationToken);
    await row.Peer(cancellationToken);

    var here = new List<double>();
    var there = new List<double>();
    for (var round = 0; round < rounds; round++)
    {
        here.Add(await row.Cluster(cancellationToken));
        there.Add(await row.Peer(cancellationToken));
    }

    var ratios = here.Zip(there, (a, b) => a / b).ToList();
    Console.WriteLine(
        $"| {row.Name} | {row.Unit} | {Figure(Statistics.Median(here))} | {Figure(Statistics.Median(there))} " +
        $"| {Statistics.Median(ratios):F2} ({ratios.Min():F2}–{ratios.Max():F2}){(row.LessIsBetter ? ", less is better" : "")} | {row.Target} |");
}

Console.WriteLine();
Console.WriteLine("Peak resident memory over the whole run:");
foreach (var (name, pid, peak) in ProcessTree.PeakMemory())
{
    Console.WriteLine($"- {name} ({pid}): {peak:F0} MiB");
}

return 0;

static string Figure(double value) => value.ToString(value >= 100 ? "N0" : "N2", CultureInfo.InvariantCulture);

string? Option(string name)
{
    var at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
}
