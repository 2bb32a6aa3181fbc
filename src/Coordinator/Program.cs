using Cluster.Coordinator.Hosting;

return await CommandLine.Create(CoordinatorProgram.RunAsync).Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = null });
