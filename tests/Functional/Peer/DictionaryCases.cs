using Cluster.Client;

namespace Cluster.Functional.Peer;

/// <summary><c>Manager().dict()</c>.</summary>
internal static class DictionaryCases
{
    public static Dictionary<string, Func<ClusterClient, ClusterClient, Task<Said>>> All { get; } = new()
    {
        ["dict_popitem_takes_the_last_that_was_added"] = static async (cluster, _) =>
        {
            var d = cluster.Dictionary<string, int>();
            await d.SetAsync("a", 1);
            await d.SetAsync("b", 2);
            await d.SetAsync("c", 3);
            await d.SetAsync("a", 9);
            await d.RemoveAsync("b");
            await d.SetAsync("b", 4);
            var said = new Said();
            for (var i = 0; i < 4; i++)
            {
                await said.Of(async () => await d.PopItemAsync() is var item ? (object[])[item.Key, item.Value] : []);
            }

            return said;
        },
        ["dict_setdefault_keeps_what_is_there"] = static async (cluster, _) =>
        {
            var d = cluster.Dictionary<string, int>();
            await d.SetAsync("a", 1);
            var said = new Said();
            await said.Of(() => d.GetOrAddAsync("a", 2));
            await said.Of(() => d.GetOrAddAsync("b", 3));
            await said.Of(() => d.GetOrAddAsync("b", 4));
            return await said.Of(() => CopyAsync(d));
        },
        ["dict_missing_keys"] = static async (cluster, _) =>
        {
            var d = cluster.Dictionary<string, string?>();
            var said = new Said();
            await said.Of(() => d.GetAsync("a"));
            await said.Of(async () => (await d.TryGetAsync("a")).Value);
            await said.Of(() => d.ContainsKeyAsync("a"));
            await said.Of(() => d.PopAsync("a"));
            return await said.Of(() => d.CountAsync());
        },
        ["dict_pop"] = static async (cluster, _) =>
        {
            var d = cluster.Dictionary<string, int>();
            await d.SetManyAsync([new("a", 1), new("b", 2)]);
            var said = new Said();
            await said.Of(() => d.PopAsync("a"));
            await said.Of(() => d.PopAsync("a"));
            return await said.Of(() => d.KeysAsync());
        },
        ["dict_keys_stay_where_they_were_added"] = static async (cluster, _) =>
        {
            var d = cluster.Dictionary<string, int>();
            await d.SetManyAsync([new("b", 1), new("a", 1), new("c", 1)]);
            await d.SetAsync("b", 2);
            var said = await new Said().Of(() => d.KeysAsync());
            await d.PopAsync("b");
            await d.SetAsync("b", 3);
            await said.Of(() => d.KeysAsync());
            return await said.Of(async () => (await d.ItemsAsync()).Select(static item => item.Value));
        },
        ["dict_update_counts_the_last"] = static async (cluster, _) =>
        {
            var d = cluster.Dictionary<string, int>();
            await d.SetAsync("a", 1);
            await d.SetManyAsync([new("b", 2), new("a", 3), new("b", 4)]);
            var said = await new Said().Of(() => CopyAsync(d));
            return await said.Of(() => d.KeysAsync());
        },
        ["dict_none_is_a_value"] = static async (cluster, _) =>
        {
            var d = cluster.Dictionary<string, int?>();
            await d.SetAsync("a", null);
            var said = new Said();
            await said.Of(() => d.ContainsKeyAsync("a"));
            await said.Of(() => d.GetAsync("a"));
            await said.Of(() => d.GetOrAddAsync("a", 1));
            await said.Of(() => d.PopAsync("a"));
            return await said.Of(() => d.CountAsync());
        },
        ["dict_clear"] = static async (cluster, _) =>
        {
            var d = cluster.Dictionary<string, int>();
            await d.SetManyAsync([new("a", 1), new("b", 2)]);
            var said = new Said();
            await said.Of(() => d.CountAsync());
            await said.Did(() => d.ClearAsync());
            await said.Of(() => d.CountAsync());
            return await said.Of(() => d.KeysAsync());
        },
    };

    private static async Task<Dictionary<string, int>> CopyAsync(ClusterDictionary<string, int> dictionary) => new(await dictionary.ItemsAsync());
}
