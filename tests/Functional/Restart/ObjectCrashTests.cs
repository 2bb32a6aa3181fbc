using Cluster.Client;
using Cluster.Functional.Tls;
using Cluster.TestKit;
using Cluster.TestKit.Objects;
using Cluster.TestKit.Processes;
using Xunit;

namespace Cluster.Functional.Restart;

/// <summary>A coordinator with a journal is killed, again and again, while clients change shared objects.</summary>
public sealed class ObjectCrashTests : IDisposable
{
    private const int Kills = 6;
    private const int ChangesBetween = 200;

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("cluster-object-crash-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Delete(recursive: true);

    [Theory]
    [InlineData("always")]
    [InlineData("everysec")]
    public async Task No_acknowledged_change_is_lost_when_the_coordinator_is_killed(string fsync)
    {
        var coordinator = await CoordinatorProcess.StartAsync("--listen", "http://127.0.0.1:0", "--data-dir", _data.FullName, "--fsync", fsync);
        var address = coordinator.Address;
        try
        {
            await using var one = await ClusterClient.ConnectAsync(address, cancellationToken: Token);
            await using var two = await ClusterClient.ConnectAsync(address, cancellationToken: Token);
            var load = new SharedLoad(one, two);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var running = load.RunAsync(stop.Token);
            for (var kill = 0; kill < Kills; kill++)
            {
                await WorkAsync(load, running).Within();
                Signals.Send(coordinator.Id, Signals.Kill);
                await coordinator.DisposeAsync();
                coordinator = await CoordinatorProcess.StartAsync("--listen", address, "--data-dir", _data.FullName, "--fsync", fsync);
            }

            await WorkAsync(load, running).Within();
            await stop.CancelAsync();
            await running.Within();
            await using var fresh = await ClusterClient.ConnectAsync(address, cancellationToken: Token);
            await load.CheckAsync(fresh).Within();
        }
        finally
        {
            await coordinator.DisposeAsync();
        }
    }

    // Until something has been acknowledged since: in the middle of the work, however fast the machine is.
    private static async Task WorkAsync(SharedLoad load, Task running)
    {
        var goal = load.Acknowledged + ChangesBetween;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        while (load.Acknowledged < goal)
        {
            await timer.WaitForNextTickAsync(Token);
            if (running.IsFaulted)
            {
                await running;
            }
        }
    }
}
