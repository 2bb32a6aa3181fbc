using System.Globalization;
using Cluster.Stress;

const string Usage = """
    Runs an ordered map while workers are killed, nodes killed and replaced, the coordinator restarted, and the network cut, silenced and slowed,
    and compares the results with a plain loop. Options, with their defaults:

      --items 10000           items of the map
      --work 5                milliseconds of work per item
      --workers-every 100     kill a random worker this often, in milliseconds; 0: never
      --nodes-every 1000      kill a random node and start another this often; 0: never
      --restarts 2            kill the coordinator and start it again so many times
      --network-every 3000    cut, silence or slow a random connection this often; 0: never
      --seconds 300           give up after so long
      --seed                  of the random choices; default: another each time
      --figures 0             instead: measure how long it takes to recover from each kind of fault, so many times
      --crashes 0             instead: kill a coordinator that keeps a journal so often, while clients change shared objects
      --jobs 0                instead: run so many small jobs, one after another, with a fault between some, and watch memory and handles
    """;

if (args is ["--help"])
{
    Console.WriteLine(Usage);
    return 0;
}

ChaosOptions options;
try
{
    options = ChaosOptions.Parse(args);
}
catch (FormatException exception)
{
    await Console.Error.WriteLineAsync($"{exception.Message}\n\n{Usage}");
    return 2;
}

Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {options.Seed}"));
using var deadline = new CancellationTokenSource(options.Limit, TimeProvider.System);
try
{
    var passed = options switch
    {
        { Crashes: > 0 } => await new CrashRun(options, TimeProvider.System).RunAsync(deadline.Token),
        { Figures: > 0 } => await new RecoveryTimes(options, TimeProvider.System).RunAsync(deadline.Token),
        { Jobs: > 0 } => await new LeakRun(options, TimeProvider.System).RunAsync(deadline.Token),
        _ => await new ChaosRun(options, TimeProvider.System).RunAsync(deadline.Token),
    };
    return passed ? 0 : 1;
}
catch (OperationCanceledException) when (deadline.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Gave up after {options.Limit.TotalSeconds} s: --seconds gives it more."));
    return 1;
}
