using Cluster.Cli.Commands;
using Cluster.Cli.Hosting;

using var termination = new Termination();
return await CommandRunner.RunAsync(args, termination);
