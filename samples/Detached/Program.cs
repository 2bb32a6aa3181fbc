// Submits a job, ends, and lets another process follow it: whichever is killed meanwhile, also the coordinator, each result comes once.
//
//   cluster up --workers 2
//   dotnet run --project samples/Detached submit http://127.0.0.1:7070 [RANGES]     prints the id of the job, and ends
//   dotnet run --project samples/Detached follow http://127.0.0.1:7070 ID           prints the results, as they come
using System.Globalization;
using Cluster.Client;
using Cluster.Samples.Detached;

if (args is not (["submit", _] or ["submit", _, _] or ["follow", _, _]))
{
    Console.Error.WriteLine("Write: submit ADDRESS [RANGES], or follow ADDRESS ID.");
    return 2;
}

await using var cluster = await ClusterClient.ConnectAsync(args[1]);
if (args[0] == "submit")
{
    var ranges = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 500;
    var options = new JobOptions { Name = "collatz", RequestId = $"collatz-{ranges}", Labels = new Dictionary<string, string> { ["sample"] = "Detached" } };
    var job = await cluster.SubmitJobAsync(Collatz.Search, Enumerable.Range(0, ranges), options);
    Console.Error.WriteLine(job.WasKnown ? "It had been submitted already." : "Submitted.");
    Console.WriteLine(job.Id);
    return 0;
}

var longest = new Longest(0, 0);
await foreach (var outcome in cluster.GetJob<Longest>(args[2]).ResultsAsync())
{
    if (outcome.Value.Steps > longest.Steps)
    {
        longest = outcome.Value;
        Console.WriteLine($"range {outcome.Index}: {longest.Start} takes {longest.Steps} steps");
    }
}

return 0;
