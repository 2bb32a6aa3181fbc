using System.Runtime.InteropServices;
using Cluster.Node;
using Cluster.Node.Hosting;
using Cluster.Node.Workers.Processes;
using Cluster.Protocol;

if (args.Any(argument => argument is "--help" or "-h" or "-?"))
{
    await Console.Out.WriteLineAsync(CommandLine.Usage).ConfigureAwait(false);
    return ExitCodes.Success;
}

if (args.Contains("--version"))
{
    await Console.Out.WriteLineAsync(SoftwareVersion.WithRevision).ConfigureAwait(false);
    return ExitCodes.Success;
}

var random = new Random();
NodeOptions options;
try
{
    options = new CommandLine(Environment.GetEnvironmentVariable, Environment.ProcessorCount, Environment.MachineName, random).Parse(args);
}
catch (UsageException exception)
{
    await Console.Error.WriteLineAsync($"{exception.Message}\n\n{CommandLine.Usage}").ConfigureAwait(false);
    return ExitCodes.Usage;
}

using var logger = new StandardErrorLogger(Console.Error, LogLevel.Information, options.LogsJson ? JsonLogLine.Write : TextLogLine.Write, options.Name, TimeProvider.System);
WorkerCommand worker;
try
{
    worker = WorkerCommand.Find(AppContext.BaseDirectory);
}
catch (FileNotFoundException exception)
{
    NodeLog.Failed(logger, exception.Message);
    return ExitCodes.Failure;
}

StrayProcesses.Adopt();
using var departure = new Departure(options.DrainGrace, TimeProvider.System);
void Leave(PosixSignalContext context)
{
    context.Cancel = true;
    departure.Signal(context.Signal == PosixSignal.SIGINT ? "SIGINT" : "SIGTERM");
}

// With a parent the Ctrl-C that a terminal sends to everybody is the parent's to decide about.
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Leave);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, options.ExitWithParent ? context => context.Cancel = true : Leave);
if (options.ExitWithParent)
{
    ParentWatch.Start(Console.OpenStandardInput(), departure.LeaveAtOnce);
}

try
{
    return await new NodeHost(options, worker, Console.Out, TimeProvider.System, random, logger).RunAsync(departure).ConfigureAwait(false);
}
catch (FormatException exception)
{
    await Console.Error.WriteLineAsync(exception.Message).ConfigureAwait(false);
    return ExitCodes.Usage;
}
catch (IOException exception) when ((options.StatusListen ?? options.MetricsListen) is not null)
{
    NodeLog.Failed(logger, exception.Message);
    return ExitCodes.Failure;
}
