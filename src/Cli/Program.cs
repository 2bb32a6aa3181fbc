using Cluster.Cli.Commands;
using Cluster.Cli.Hosting;
using Cluster.Cli.Output;

// What nobody reads any more ends the command, also where it is a table.
Console.SetOut(new StreamWriter(new ReadOutput(StandardOutput.Open())) { AutoFlush = true });
using var termination = new Termination();
return await CommandRunner.RunAsync(args, termination);
