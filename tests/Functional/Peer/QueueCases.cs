using Cluster.Client;

namespace Cluster.Functional.Peer;

/// <summary><c>JoinableQueue</c>.</summary>
internal static class QueueCases
{
    public static Dictionary<string, Func<ClusterClient, ClusterClient, Task<Said>>> All { get; } = new()
    {
        ["queue_full_and_empty"] = static async (cluster, _) =>
        {
            var q = cluster.Queue<string>(capacity: 2);
            var said = new Said();
            await said.Found(() => q.TryGetAsync(), "empty");
            await said.Of(() => q.GetAsync(PeerCases.NoTime));
            await said.Did(() => q.PutAsync("a"));
            await said.Of(() => q.TryPutAsync("b"));
            await said.Found(async () => (await q.TryPutAsync("c"), true), "full");
            await said.Did(() => q.PutAsync("c", PeerCases.NoTime));
            await said.Of(() => q.CountAsync());
            await said.Of(() => q.GetAsync());
            await said.Did(() => q.PutAsync("d"));
            await said.Of(() => q.GetAsync());
            await said.Of(() => q.GetAsync());
            await said.Found(() => q.TryGetAsync(), "empty");
            return await said.Of(() => q.CountAsync());
        },
        ["queue_task_done_too_often"] = static async (cluster, _) =>
        {
            var q = cluster.Queue<int>();
            await q.PutManyAsync([1, 2]);
            var said = new Said();
            await said.Did(() => q.TaskDoneAsync());
            await said.Of(async () => (int[])[await q.GetAsync(), await q.GetAsync()]);
            await said.Did(() => q.TaskDoneAsync());
            await said.Did(() => q.JoinAsync());
            await said.Did(() => q.TaskDoneAsync());
            await said.Did(() => q.PutAsync(3));
            await said.Did(() => q.TaskDoneAsync());
            return await said.Did(() => q.JoinAsync());
        },
        ["queue_without_a_limit"] = static async (cluster, _) =>
        {
            List<bool> outcomes = [];
            foreach (var capacity in new[] { 0, -1 })
            {
                var q = cluster.Queue<int>(capacity: capacity);
                foreach (var number in Enumerable.Range(0, 50))
                {
                    await q.TryPutAsync(number);
                }

                outcomes.Add((await q.GetManyAsync(100)).SequenceEqual(Enumerable.Range(0, 50)));
            }

            return await new Said().Of(() => Task.FromResult(outcomes));
        },
    };
}
