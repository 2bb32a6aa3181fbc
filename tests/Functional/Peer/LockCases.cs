using Cluster.Client;

namespace Cluster.Functional.Peer;

/// <summary><c>Lock</c>, <c>RLock</c>, <c>Semaphore</c>, <c>BoundedSemaphore</c>, <c>Event</c> and <c>Condition</c>.</summary>
internal static class LockCases
{
    public static Dictionary<string, Func<ClusterClient, ClusterClient, Task<Said>>> All { get; } = new()
    {
        ["lock_is_not_reentrant"] = static async (cluster, _) =>
        {
            var gate = cluster.Lock();
            var said = new Said();
            await said.Got(async () => await gate.AcquireAsync());
            await said.Got(() => gate.TryAcquireAsync());
            await said.Got(async () => await gate.AcquireAsync(PeerCases.NoTime));
            await said.Did(() => gate.ReleaseAsync());
            await said.Did(() => gate.ReleaseAsync());
            return await said.Got(() => gate.TryAcquireAsync());
        },
        ["lock_is_released_by_anybody"] = static async (cluster, other) =>
        {
            var (gate, theirs) = (cluster.Lock("released-by-anybody"), other.Lock("released-by-anybody"));
            await gate.AcquireAsync();
            var said = await new Said().Of(() => Said.SideBySideAsync(1, async () =>
            {
                await theirs.ReleaseAsync();
                return true;
            }));
            return await said.Got(() => gate.TryAcquireAsync());
        },
        ["rlock_counts"] = static async (cluster, other) =>
        {
            var (gate, theirs) = (cluster.RLock("counted"), other.RLock("counted"));
            var said = await new Said().Did(() => gate.ReleaseAsync());
            var first = await gate.AcquireAsync();
            await said.Of(() => Task.FromResult(first is not null));
            var second = await gate.AcquireAsync();
            await said.Of(() => Task.FromResult(second is not null));
            await said.Did(() => gate.ReleaseAsync());
            await said.Of(() => Said.SideBySideAsync(1, async () => await theirs.TryAcquireAsync() is not null));
            await said.Did(() => gate.ReleaseAsync());
            return await said.Did(() => gate.ReleaseAsync());
        },
        ["semaphore_counts"] = static async (cluster, _) =>
        {
            var s = cluster.Semaphore(2);
            var said = new Said();
            await said.Got(() => s.TryAcquireAsync());
            await said.Got(() => s.TryAcquireAsync());
            await said.Got(() => s.TryAcquireAsync());
            await said.Got(async () => await s.AcquireAsync(PeerCases.NoTime));
            await said.Did(() => s.ReleaseAsync());
            await said.Got(() => s.TryAcquireAsync());
            return await said.Of(() => s.GetValueAsync());
        },
        ["semaphore_may_have_more_than_at_first"] = static async (cluster, _) =>
        {
            var s = cluster.Semaphore(0);
            var said = new Said();
            await said.Got(() => s.TryAcquireAsync());
            await said.Did(() => s.ReleaseAsync());
            await said.Did(() => s.ReleaseAsync());
            await said.Of(() => s.GetValueAsync());
            return await said.Got(() => s.TryAcquireAsync());
        },
        ["bounded_semaphore_may_not"] = static async (cluster, _) =>
        {
            var s = cluster.Semaphore(1, bounded: true);
            var said = await new Said().Did(() => s.ReleaseAsync());
            await said.Got(async () => await s.AcquireAsync());
            await said.Did(() => s.ReleaseAsync());
            await said.Did(() => s.ReleaseAsync());
            return await said.Of(() => s.GetValueAsync());
        },
        ["event_is_set_until_cleared"] = static async (cluster, _) =>
        {
            var e = cluster.Event();
            var said = new Said();
            await said.Of(() => e.IsSetAsync());
            await said.Of(() => e.WaitAsync(TimeSpan.Zero));
            await said.Of(() => e.WaitAsync(PeerCases.NoTime));
            await said.Did(() => e.ClearAsync());
            await said.Did(() => e.SetAsync());
            await said.Did(() => e.SetAsync());
            await said.Of(async () => (bool[])[await e.IsSetAsync(), await e.WaitAsync(), await e.WaitAsync(TimeSpan.Zero)]);
            await said.Did(() => e.ClearAsync());
            return await said.Of(async () => (bool[])[await e.IsSetAsync(), await e.WaitAsync(TimeSpan.Zero)]);
        },
        ["condition_needs_its_lock"] = static async (cluster, _) =>
        {
            var c = cluster.Condition();
            var said = await new Said().Of(() => c.WaitAsync(PeerCases.NoTime));
            await said.Of(() => c.NotifyAsync());
            return await said.Of(() => c.NotifyAllAsync());
        },
        ["condition_times_out"] = static async (cluster, _) =>
        {
            var c = cluster.Condition();
            await using var held = await c.AcquireAsync();
            var said = await new Said().Of(() => c.WaitAsync(PeerCases.NoTime));
            await said.Of(() => c.WaitForAsync(static () => Task.FromResult(false), PeerCases.NoTime));
            await said.Of(() => c.WaitForAsync(static () => Task.FromResult(true), PeerCases.NoTime));
            await said.Of(() => c.WaitForAsync(static () => Task.FromResult(true)));
            return await said.Of(() => c.WaitAsync(TimeSpan.Zero));
        },
        ["condition_wakes_as_many_as_it_is_told"] = static async (cluster, _) =>
        {
            const int Waiters = 4;
            var c = cluster.Condition();
            var waiting = 0;
            var waiters = Enumerable.Range(0, Waiters).Select(_ => Task.Run(WaitAsync)).ToArray();
            var isEverybodyThere = false;
            while (!isEverybodyThere)
            {
                // Who has counted itself holds the lock until it waits.
                await using var held = await c.AcquireAsync();
                isEverybodyThere = waiting == Waiters;
            }

            var said = new Said();
            await said.Of(() => NotifyAsync(() => c.NotifyAsync()));
            await said.Of(() => NotifyAsync(() => c.NotifyAsync(2)));
            await said.Of(() => NotifyAsync(() => c.NotifyAsync(5)));
            await said.Of(() => NotifyAsync(() => c.NotifyAllAsync()));
            await Task.WhenAll(waiters);
            return said;

            async Task WaitAsync()
            {
                await using var held = await c.AcquireAsync();
                waiting++;
                await c.WaitAsync();
            }

            async Task<int> NotifyAsync(Func<Task<int>> call)
            {
                await using var held = await c.AcquireAsync();
                return await call();
            }
        },
    };
}
