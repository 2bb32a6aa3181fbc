using Cluster.Client;

namespace Cluster.Functional.Peer;

/// <summary><c>Barrier</c>.</summary>
internal static class BarrierCases
{
    public static Dictionary<string, Func<ClusterClient, ClusterClient, Task<Said>>> All { get; } = new()
    {
        ["barrier_gives_everybody_a_number"] = static async (cluster, _) =>
        {
            var b = cluster.Barrier(3);
            var said = new Said();
            await said.Of(() => Said.SideBySideAsync(3, () => b.WaitAsync()));
            await said.Of(() => Said.SideBySideAsync(3, () => b.WaitAsync()));
            return await said.Of(() => cluster.Barrier(1).WaitAsync());
        },
        ["barrier_breaks_with_a_timeout"] = static async (cluster, _) =>
        {
            var b = cluster.Barrier(2);
            var said = new Said();
            await said.Of(() => b.WaitAsync(PeerCases.NoTime));
            await said.Of(() => b.WaitAsync());
            await said.Did(() => b.ResetAsync());
            await said.Of(() => Said.SideBySideAsync(2, () => b.WaitAsync()));
            await said.Of(() => b.WaitAsync(TimeSpan.Zero));
            return await said.Of(() => b.WaitAsync());
        },
        ["barrier_has_a_timeout_of_its_own"] = static async (cluster, _) =>
        {
            var b = cluster.Barrier(2, PeerCases.NoTime);
            var said = await new Said().Of(() => b.WaitAsync());
            return await said.Of(() => b.WaitAsync());
        },
        ["barrier_is_aborted"] = static async (cluster, _) =>
        {
            var b = cluster.Barrier(2);
            var said = await new Said().Of(() => WhileOneWaitsAsync(b, () => b.AbortAsync()));
            await said.Of(() => b.WaitAsync());
            await said.Did(() => b.AbortAsync());
            await said.Of(() => b.WaitAsync(TimeSpan.Zero));
            await said.Did(() => b.ResetAsync());
            return await said.Of(() => Said.SideBySideAsync(2, () => b.WaitAsync()));
        },
        ["barrier_is_reset"] = static async (cluster, _) =>
        {
            var b = cluster.Barrier(2);
            var said = await new Said().Did(() => b.ResetAsync());
            await said.Of(() => WhileOneWaitsAsync(b, () => b.ResetAsync()));
            return await said.Of(() => Said.SideBySideAsync(2, () => b.WaitAsync()));
        },
        ["barrier_has_an_action"] = static async (cluster, _) =>
        {
            var b = cluster.Barrier(3);
            var ran = 0;
            var said = await new Said().Of(() => Said.SideBySideAsync(3, WaitAsync));
            return await said.Of(() => Said.SideBySideAsync(3, WaitAsync));

            async Task<int> WaitAsync()
            {
                await b.WaitAsync(() => ran++);
                return ran;
            }
        },
        ["barrier_action_fails"] = static async (cluster, _) =>
        {
            var b = cluster.Barrier(2);
            Func<Task<int>> wait = () => b.WaitAsync(static () => throw new InvalidOperationException());
            var said = await new Said().Of(() => Said.SideBySideAsync(2, wait));
            await said.Of(wait);
            await said.Did(() => b.ResetAsync());
            return await said.Of(() => Said.SideBySideAsync(2, wait));
        },
    };

    // Requests of one client are executed in their order: it waits when the other comes.
    private static async Task<string> WhileOneWaitsAsync(ClusterBarrier barrier, Func<Task> call)
    {
        var waiting = Said.OutcomeAsync(() => barrier.WaitAsync());
        await call();
        return await waiting;
    }
}
