using System.Globalization;
using Cluster.Client;
using Cluster.TestKit.Network;
using Cluster.TestKit.Objects;
using Cluster.TestKit.Processes;

namespace Cluster.Stress;

/// <summary>Kills a coordinator that keeps a journal, at random moments, its start included, while clients change shared objects and know what must come of it.</summary>
internal sealed class CrashRun(ChaosOptions options, TimeProvider time)
{
    private const int Reports = 10;

    // One in four dies before it listens.
    private const int EarlyOneIn = 4;
    private const int MaxMilliseconds = 150;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(2);

    private readonly Random _random = new(options.Seed);
    private readonly string _address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Find()}");
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("cluster-crash-");

    /// <returns>Whether nothing was lost.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var coordinator = Start();
        try
        {
            await coordinator.WaitUntilReadyAsync(cancellationToken);
            await using var one = await ClusterClient.ConnectAsync(_address, cancellationToken: cancellationToken);
            await using var two = await ClusterClient.ConnectAsync(_address, cancellationToken: cancellationToken);
            var load = new SharedLoad(one, two);
            using var stop = new CancellationTokenSource();
            var running = load.RunAsync(stop.Token);
            Console.WriteLine("| kills | acknowledged changes | journal, KiB |");
            Console.WriteLine("|---|---|---|");
            for (var kill = 1; kill <= options.Crashes && !running.IsCompleted; kill++)
            {
                if (_random.Next(EarlyOneIn) != 0)
                {
                    await coordinator.WaitUntilReadyAsync(cancellationToken);
                    await WorkAsync(load, running, cancellationToken);
                }

                await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(MaxMilliseconds)), time, cancellationToken);
                await coordinator.DisposeAsync();
                coordinator = Start();
                if (kill % Math.Max(1, options.Crashes / Reports) == 0)
                {
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {kill} | {load.Acknowledged} | {Size() >> 10} |"));
                }
            }

            await coordinator.WaitUntilReadyAsync(cancellationToken);
            await stop.CancelAsync();
            await running.WaitAsync(cancellationToken);
            await using var fresh = await ClusterClient.ConnectAsync(_address, cancellationToken: cancellationToken);
            await load.CheckAsync(fresh);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{options.Crashes} kills, {load.Acknowledged} acknowledged changes: none was lost, and none happened twice."));
            return true;
        }
        catch (InvalidOperationException exception)
        {
            Console.WriteLine(exception.Message);
            return false;
        }
        finally
        {
            await coordinator.DisposeAsync();
            _data.Delete(recursive: true);
        }
    }

    // Clients dial again after up to a second: until they have, there is nothing to be lost.
    private async Task WorkAsync(SharedLoad load, Task running, CancellationToken cancellationToken)
    {
        var before = load.Acknowledged;
        using var timer = new PeriodicTimer(LookAgain, time);
        while (load.Acknowledged == before && !running.IsCompleted)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private Daemon Start() => new(
        ClusterProgram.Coordinator, "--listen", _address, "--data-dir", _data.FullName, "--fsync", "always");

    private long Size() => _data.EnumerateFiles("*", SearchOption.AllDirectories).Sum(static file => file.Exists ? file.Length : 0);
}
