using Cluster.Client;

namespace Cluster.Functional.Peer;

/// <summary><c>Manager().list()</c>, and <c>Array</c>.</summary>
internal static class ListCases
{
    public static Dictionary<string, Func<ClusterClient, ClusterClient, Task<Said>>> All { get; } = new()
    {
        ["list_insert_anywhere"] = static async (cluster, _) =>
        {
            var n = await NumbersAsync(cluster, 1, 2, 3);
            foreach (var (index, value) in new[] { (0, 10), (-1, 11), (100, 12), (-100, 13), (2, 14) })
            {
                await n.InsertAsync(index, value);
            }

            return await new Said().Of(() => n.ToArrayAsync());
        },
        ["list_slices"] = static async (cluster, _) =>
        {
            var n = await NumbersAsync(cluster, 0, 1, 2, 3, 4, 5);
            var said = new Said();
            foreach (var (start, stop) in new (long, long?)[] { (1, 3), (-2, null), (0, -1), (4, 100), (9, 12), (3, 1), (-100, 2), (-3, -1), (0, 0) })
            {
                await said.Of(() => n.SliceAsync(start, stop));
            }

            return said;
        },
        ["list_remove_and_index"] = static async (cluster, _) =>
        {
            var n = await NumbersAsync(cluster, 5, 7, 5);
            var said = new Said();
            await said.Of(() => n.IndexOfAsync(5));
            await said.Of(() => n.RemoveAsync(5));
            await said.Of(() => n.RemoveAsync(6));
            await said.Of(() => n.IndexOfAsync(5));
            await said.Of(() => n.IndexOfAsync(6));
            await said.Of(() => n.ToArrayAsync());
            await said.Of(() => n.ContainsAsync(7));
            return await said.Of(() => n.ContainsAsync(6));
        },
        ["list_pop"] = static async (cluster, _) =>
        {
            var n = await NumbersAsync(cluster, 1, 2, 3, 4, 5);
            var said = new Said();
            foreach (var index in new long?[] { null, 0, -2, 2, -3 })
            {
                await said.Of(() => n.PopAsync(index));
            }

            await said.Of(() => n.ToArrayAsync());
            await said.Of(() => n.PopAsync());
            await said.Of(() => n.PopAsync());
            return await said.Of(() => n.PopAsync());
        },
        ["list_items"] = static async (cluster, _) =>
        {
            var n = await NumbersAsync(cluster, 1, 2);
            var said = new Said();
            await said.Of(() => n.GetAsync(-1));
            await said.Of(() => n.GetAsync(2));
            await said.Of(() => n.GetAsync(-3));
            await said.Did(() => n.SetAsync(-2, 9));
            await said.Did(() => n.SetAsync(2, 9));
            await said.Did(() => n.SetAsync(-3, 9));
            return await said.Of(() => n.ToArrayAsync());
        },
        ["list_sort_and_reverse"] = static async (cluster, _) =>
        {
            var n = await NumbersAsync(cluster, 3, 1, 2);
            var words = cluster.List<string>();
            await words.ExtendAsync(["b", "B", "a", "é", "z", "aa", ""]);
            var said = new Said();
            await said.Did(() => n.ReverseAsync());
            await said.Of(() => n.ToArrayAsync());
            await said.Did(() => n.SortAsync());
            await said.Of(() => n.ToArrayAsync());
            await said.Did(() => words.SortAsync());
            return await said.Of(() => words.ToArrayAsync());
        },
        ["list_counts"] = static async (cluster, _) =>
        {
            var n = cluster.List<int>();
            var said = new Said();
            await said.Of(() => n.CountAsync());
            await said.Did(() => n.ExtendAsync([1, 2, 1]));
            await said.Did(() => n.AppendAsync(1));
            await said.Of(() => n.CountAsync(1, CancellationToken.None));
            await said.Of(() => n.CountAsync(9, CancellationToken.None));
            return await said.Of(() => n.CountAsync());
        },
        ["array_items_and_slices"] = static async (cluster, _) =>
        {
            var a = cluster.Array([1, 2, 3]);
            var said = new Said();
            await said.Of(() => a.GetAsync(-1));
            await said.Of(() => a.GetAsync(3));
            await said.Of(() => a.GetAsync(-4));
            await said.Did(() => a.SetAsync(-3, 9));
            await said.Did(() => a.SetAsync(3, 9));
            await said.Of(() => a.ToArrayAsync());
            await said.Of(() => a.SliceAsync(1));
            await said.Of(() => a.SliceAsync(-2, -1));
            await said.Of(() => a.SliceAsync(5, 9));
            return await said.Of(async () => (await a.ToArrayAsync()).Length);
        },
    };

    private static async Task<ClusterList<int>> NumbersAsync(ClusterClient cluster, params int[] numbers)
    {
        var list = cluster.List<int>();
        await list.ExtendAsync(numbers);
        return list;
    }
}
