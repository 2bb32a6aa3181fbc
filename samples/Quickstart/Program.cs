// Hashes and measures every file of a directory, first in a plain loop, then on a local cluster, and compares.
//
//   dotnet run --project samples/Quickstart [DIRECTORY]      default: the .NET SDK's own folder
using System.Diagnostics;
using System.Runtime.InteropServices;
using Cluster.Client;
using Cluster.Samples.Quickstart;

var directory = args.Length > 0
    ? args[0]
    : Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "sdk"));
if (!Directory.Exists(directory))
{
    Console.Error.WriteLine($"There is no directory {directory}. Name one: dotnet run --project samples/Quickstart -- DIRECTORY");
    return 2;
}

string[] files =
[
    .. Directory.EnumerateFiles(directory, "*", new EnumerationOptions
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
    }).Order(StringComparer.Ordinal),
];

// One node per two workers, as on a rack of small machines; all of them on this one.
var cores = Environment.ProcessorCount;
var options = new LocalClusterOptions { Nodes = Math.Max(1, cores / 2), WorkersPerNode = Math.Min(cores, 2) };
var clock = Stopwatch.StartNew();
await using var local = await LocalCluster.StartAsync(options);
Console.WriteLine($"Local cluster of {options.Nodes} node(s) with {options.WorkersPerNode} workers each, up in {clock.ElapsedMilliseconds} ms.");

// Both sides find the files in the page cache and the code compiled: the comparison is about the work.
var warmUp = await local.Client.MapAsync(FileFacts.Measure, files);
_ = files.Select(FileFacts.Measure).LastOrDefault();

Console.WriteLine($"Measuring {files.Length:N0} files in {directory} …");
clock.Restart();
FileFacts[] plain = [.. files.Select(FileFacts.Measure)];
var loop = clock.Elapsed;

clock.Restart();
var facts = await local.Client.MapAsync(FileFacts.Measure, files, new MapOptions { Progress = new ProgressBar() });
var cluster = clock.Elapsed;
ProgressBar.Finish();

var totals = Totals.Of(facts);
Console.WriteLine($"files   {totals.Files}");
Console.WriteLine($"bytes   {totals.Bytes}");
Console.WriteLine($"lines   {totals.Lines}");
Console.WriteLine($"digest  {totals.Digest}");
Console.WriteLine($"plain loop {loop.TotalSeconds:F2} s, cluster {cluster.TotalSeconds:F2} s: {loop / cluster:F2} times as fast");

if (totals != Totals.Of(plain) || totals != Totals.Of(warmUp))
{
    Console.Error.WriteLine("The cluster and the loop disagree.");
    return 1;
}

return 0;
