using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;

namespace Cluster.Unit.Coordinator.Objects.Dictionaries;

/// <summary>Requests of dictionaries.</summary>
internal static class OnDict
{
    public static ObjectRequest Get(string key) => new() { DictGet = new DictGet { Key = Text.Of(key) } };

    public static ObjectRequest Set(string key, string value, double? life = null) =>
        new() { DictSet = new DictSet { Key = Text.Of(key), Value = Text.Of(value), TimeToLive = Life(life) } };

    public static ObjectRequest SetJson(string key, string value) => new() { DictSet = new DictSet { Key = Text.Of(key), Value = Text.Json(value) } };

    public static ObjectRequest SetMany(params (string Key, string Value)[] entries) =>
        new() { DictSetMany = new DictSetMany { Entries = { entries.Select(entry => new DictEntry { Key = Text.Of(entry.Key), Value = Text.Of(entry.Value) }) } } };

    public static ObjectRequest TryAdd(string key, string value, double? life = null) =>
        new() { DictTryAdd = new DictTryAdd { Key = Text.Of(key), Value = Text.Of(value), TimeToLive = Life(life) } };

    public static ObjectRequest GetOrAdd(string key, string value) => new() { DictGetOrAdd = new DictGetOrAdd { Key = Text.Of(key), Value = Text.Of(value) } };

    public static ObjectRequest CompareAndSet(string key, ulong version, string? value) => new()
    {
        DictCompareAndSet = new DictCompareAndSet { Key = Text.Of(key), Version = version, Value = value is null ? null : Text.Of(value) },
    };

    public static ObjectRequest Increment(string key, long by) => new() { DictIncrement = new DictIncrement { Key = Text.Of(key), Integer = by } };

    public static ObjectRequest Increment(string key, double by) => new() { DictIncrement = new DictIncrement { Key = Text.Of(key), Floating = by } };

    public static ObjectRequest Remove(string key) => new() { DictRemove = new DictRemove { Key = Text.Of(key) } };

    public static ObjectRequest Pop(string key) => new() { DictPop = new DictPop { Key = Text.Of(key) } };

    public static ObjectRequest Contains(string key) => new() { DictContains = new DictContains { Key = Text.Of(key) } };

    public static ObjectRequest PopItem => new() { DictPopItem = new DictPopItem() };

    public static ObjectRequest Clear => new() { DictClear = new DictClear() };

    public static ObjectRequest Count => new() { DictCount = new DictCount() };

    public static ObjectRequest Items => new() { DictItems = new DictItems() };

    public static ObjectRequest Watch(ulong from = 0, bool snapshot = false) => new() { DictWatch = new DictWatch { FromRevision = from, Snapshot = snapshot } };

    private static Duration? Life(double? seconds) => seconds is null ? null : Duration.FromTimeSpan(TimeSpan.FromSeconds(seconds.Value));
}
