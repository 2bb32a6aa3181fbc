using System.Globalization;

namespace Cluster.Stress;

/// <summary>What is run, and what is done to it.</summary>
internal sealed record ChaosOptions
{
    public int Items { get; init; } = 10_000;

    public int WorkMilliseconds { get; init; } = 5;

    public TimeSpan WorkersEvery { get; init; } = TimeSpan.FromMilliseconds(100);

    public TimeSpan NodesEvery { get; init; } = TimeSpan.FromSeconds(1);

    public int Restarts { get; init; } = 2;

    public TimeSpan NetworkEvery { get; init; } = TimeSpan.FromSeconds(3);

    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(5);

    public int Jobs { get; init; }

    public int Figures { get; init; }

    public int Crashes { get; init; }

    public int Seed { get; init; } = Environment.TickCount;

    /// <exception cref="FormatException">An option is unknown, or no number.</exception>
    public static ChaosOptions Parse(string[] args)
    {
        var options = new ChaosOptions();
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length || !int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                throw new FormatException($"{args[i]} takes a number.");
            }

            options = args[i] switch
            {
                "--items" => options with { Items = number },
                "--work" => options with { WorkMilliseconds = number },
                "--workers-every" => options with { WorkersEvery = TimeSpan.FromMilliseconds(number) },
                "--nodes-every" => options with { NodesEvery = TimeSpan.FromMilliseconds(number) },
                "--restarts" => options with { Restarts = number },
                "--network-every" => options with { NetworkEvery = TimeSpan.FromMilliseconds(number) },
                "--seconds" => options with { Limit = TimeSpan.FromSeconds(number) },
                "--jobs" => options with { Jobs = number },
                "--figures" => options with { Figures = number },
                "--crashes" => options with { Crashes = number },
                "--seed" => options with { Seed = number },
                _ => throw new FormatException($"There is no option {args[i]}."),
            };
        }

        return options;
    }
}
