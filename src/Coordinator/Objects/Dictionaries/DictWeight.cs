using Cluster.Coordinator.Objects.Memory;
using Cluster.Protocol.V1;
using Case = Cluster.Protocol.V1.ObjectRequest.OperationOneofCase;

namespace Cluster.Coordinator.Objects.Dictionaries;

/// <summary>How much memory entries take, and how much more changes need.</summary>
internal static class DictWeight
{
    /// <summary>A new number may have more digits.</summary>
    private const long Digits = 32;

    public static long Of(DictNode node) => Of(node.Key.Payload, node.Value);

    public static long Growth(ObjectRequest request, DictTable table) => request.OperationCase switch
    {
        Case.DictSet => Growth(request.DictSet.Key, request.DictSet.Value, table),
        Case.DictSetMany => request.DictSetMany.Entries.Sum(entry => Growth(entry.Key, entry.Value, table)),
        Case.DictTryAdd => IsThere(request.DictTryAdd.Key, table) ? 0 : Growth(request.DictTryAdd.Key, request.DictTryAdd.Value, table),
        Case.DictGetOrAdd => IsThere(request.DictGetOrAdd.Key, table) ? 0 : Growth(request.DictGetOrAdd.Key, request.DictGetOrAdd.Value, table),
        Case.DictCompareAndSet when request.DictCompareAndSet is { Key: { } key, Value: { } value } set && (table.Find(new DictKey(key))?.Version ?? 0) == set.Version =>
            Growth(key, value, table),
        Case.DictIncrement => IsThere(request.DictIncrement.Key, table) ? 0 : Of(request.DictIncrement.Key, null) + Digits,
        _ => 0,
    };

    private static bool IsThere(Payload? key, DictTable table) => key is not null && table.Find(new DictKey(key)) is not null;

    private static long Growth(Payload? key, Payload? value, DictTable table) =>
        key is null ? 0 : table.Find(new DictKey(key)) is { } node ? Weight.Of(value) - Weight.Of(node.Value) : Of(key, value);

    private static long Of(Payload? key, Payload? value) => Weight.Entry + Weight.Of(key) + Weight.Of(value);
}
