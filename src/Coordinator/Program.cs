using Cluster.Coordinator.Hosting;

const int BadUsage = 2;

var result = CommandLine.Create(CoordinatorProgram.RunAsync).Parse(args);
if (result.Errors.Count == 0)
{
    return await result.InvokeAsync(new() { ProcessTerminationTimeout = null });
}

// Stdout is for the line that says where the coordinator listens.
foreach (var error in result.Errors)
{
    Console.Error.WriteLine(error.Message);
}

Console.Error.WriteLine("See --help.");
return BadUsage;
