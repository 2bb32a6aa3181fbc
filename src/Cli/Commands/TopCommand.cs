using System.CommandLine;
using Cluster.Cli.Output;
using Cluster.Cli.Top;

namespace Cluster.Cli.Commands;

/// <summary><c>cluster top</c>: what the cluster is doing, as it does it.</summary>
internal static class TopCommand
{
    private const int LeastWidth = 40;
    private const int LeastHeight = 10;

    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(1);

    private static readonly Option<TimeSpan?> Interval = SecondsOption.Create("--interval", "How often to look again, in seconds. Default: 1.", TimeSpan.FromHours(1));

    private static readonly Option<bool> Once = new("--once") { Description = "Look once, print it, and end. So it is where stdout is no terminal, too, unless --json is given." };

    private static readonly Option<bool> Json = new("--json") { Description = "A line of JSON each time in place of the view." };

    public static Command Create() => ServiceCall.Command(
        "top",
        "Show nodes, slots, memory, and the jobs that run or wait, with their rates and how long they take: submitted ones, those of programs, and processes. q ends it with exit code "
        + $"{ExitCodes.Success}, Ctrl-C with {ExitCodes.Interrupted}. While the coordinator is out of reach it says so and goes on asking.",
        RunAsync,
        Interval, Once, Json);

    private static async Task<int> RunAsync(ParseResult result, ServiceCall call)
    {
        var interval = result.GetValue(Interval) ?? DefaultInterval;
        if (interval < ShortestInterval)
        {
            throw new UsageException("--interval must be at least 0.1: nobody reads faster.");
        }

        var time = TimeProvider.System;
        var json = result.GetValue(Json);
        var once = result.GetValue(Once) || (!json && !Terminal.IsOnStandardOutput);
        var source = new TopSource(call.Connection, new TopModel(call.Client.Address), time);
        if (once)
        {
            using var printer = new TopPrinter(Console.Out, json);
            printer.Show(await source.TakeAsync(call.Termination));
            return ExitCodes.Success;
        }

        using ITopView view = json ? new TopPrinter(Console.Out, json) : new TopScreen(Console.Out, Size, Terminal.HasColors, QuitKey.WatchAsync());
        using var timer = new PeriodicTimer(interval, time);
        while (true)
        {
            var taking = source.TryTakeAsync(call.Termination);
            if (await Task.WhenAny(view.Quit, taking) == view.Quit)
            {
                return ExitCodes.Success;
            }

            view.Show(await taking);
            var next = timer.WaitForNextTickAsync(call.Termination).AsTask();
            if (await Task.WhenAny(view.Quit, next) == view.Quit)
            {
                return ExitCodes.Success;
            }

            await next;
        }
    }

    // Not the last column: some terminals would begin a new line there. Those that do not know their size say 0.
    private static (int Width, int Height) Size() => (Math.Max(LeastWidth, Console.WindowWidth - 1), Math.Max(LeastHeight, Console.WindowHeight));
}
