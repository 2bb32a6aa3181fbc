using System.Globalization;
using Cluster.Client;

namespace Cluster.Stress;

/// <summary>An ordered map through all the faults, and what came of it.</summary>
internal sealed class ChaosRun(ChaosOptions options, TimeProvider time)
{
    private long _results;

    /// <returns>Whether the results are those of a plain loop.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var record = new FaultRecord(time);
        await using var cluster = await ChaosCluster.StartAsync(nodes: 2, record, cancellationToken);
        var clientOptions = new ClusterClientOptions { ReconnectTimeout = TimeSpan.FromMinutes(1) };
        await using var client = await ClusterClient.ConnectAsync(cluster.ClientAddress, clientOptions, cancellationToken);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var started = time.GetTimestamp();
        using var faults = new Faults(cluster, options, record, () => Volatile.Read(ref _results), time);
        var injecting = faults.InjectAsync(over.Token);
        string? wrong;
        try
        {
            wrong = await MapAsync(client, cancellationToken);
        }
        finally
        {
            await over.CancelAsync();
            await injecting;
        }

        record.Print(Console.Out);
        var seconds = time.GetElapsedTime(started).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_results:N0} of {options.Items:N0} results in {seconds:F1} s: {wrong ?? "equal to the plain loop"}"));
        return wrong is null;
    }

    private async Task<string?> MapAsync(ClusterClient client, CancellationToken cancellationToken)
    {
        var milliseconds = options.WorkMilliseconds;
        try
        {
            var expected = 0;
            await foreach (var result in client.IMapAsync(x => Work.Run(x, milliseconds), Enumerable.Range(0, options.Items), cancellationToken: cancellationToken))
            {
                if (result != Work.Run(expected, 0))
                {
                    return $"result {expected} is {result}, not {Work.Run(expected, 0)}";
                }

                expected++;
                Interlocked.Increment(ref _results);
            }

            return expected == options.Items ? null : $"the sequence ended after {expected}";
        }
        catch (Exception exception) when (exception is ClusterException or OperationCanceledException)
        {
            return exception.ToString();
        }
    }
}
