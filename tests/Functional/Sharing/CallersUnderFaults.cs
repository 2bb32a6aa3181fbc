using Cluster.Client;
using Cluster.TestKit;

namespace Cluster.Functional.Sharing;

/// <summary>Callers that work side by side, and something that goes wrong every so many of their steps.</summary>
/// <param name="address">Where their clients connect.</param>
/// <param name="seed">Of their choices.</param>
/// <param name="faultEvery">How many steps of all callers lie between two faults.</param>
/// <param name="fault">What goes wrong: completes when it is over, as far as the callers need not wait for it themselves.</param>
internal sealed class CallersUnderFaults(string address, int seed, int faultEvery, Func<Task> fault)
{
    private const int CallersPerClient = 2;

    /// <summary>How often something has gone wrong.</summary>
    public int Faults { get; private set; }

    /// <summary>Runs them all to their end.</summary>
    /// <param name="callers">How many: an even number.</param>
    /// <param name="steps">How many steps each makes.</param>
    /// <param name="step">Makes the step of a number, from 0.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public async Task RunAsync(int callers, int steps, Func<Caller, int, Task> step, CancellationToken cancellationToken)
    {
        var done = 0;
        using var due = new SemaphoreSlim(0);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<ClusterClient> clients = [];
        try
        {
            for (var client = 0; client < callers / CallersPerClient; client++)
            {
                clients.Add(await ClusterClient.ConnectAsync(address, cancellationToken: cancellationToken));
            }

            var faults = FailAgainAndAgainAsync(due, over.Token);
            var working = Task.WhenAll(Enumerable.Range(0, callers).Select(number => Task.Run(() => WorkAsync(number), cancellationToken)));
            await (await Task.WhenAny(working, faults).Within());
            await over.CancelAsync();
            await EndAsync(faults);
        }
        finally
        {
            foreach (var client in clients)
            {
                await client.DisposeAsync();
            }
        }

        async Task WorkAsync(int number)
        {
            var caller = new Caller(number, clients[number / CallersPerClient], new Random((seed * 1000) + number));
            for (var i = 0; i < steps; i++)
            {
                await step(caller, i);
                if (Interlocked.Increment(ref done) % faultEvery == 0)
                {
                    due.Release();
                }
            }
        }
    }

    private async Task FailAgainAndAgainAsync(SemaphoreSlim due, CancellationToken cancellationToken)
    {
        while (true)
        {
            await due.WaitAsync(cancellationToken);
            await fault();
            Faults++;
        }
    }

    private static async Task EndAsync(Task faults)
    {
        try
        {
            await faults;
        }
        catch (OperationCanceledException)
        {
            // The callers are done.
        }
    }
}
