using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.Objects.Requests;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;

namespace Cluster.Coordinator.Objects.Dictionaries;

/// <summary>What is wrong with an entry that is to be written; null: nothing.</summary>
internal static class DictChecks
{
    public static ObjectReply? Write(Payload? key, Payload? value, Duration? timeToLive, ObjectLimits limits) =>
        Values.Check(key, "key", limits) ?? Values.Check(value, "value", limits) ?? Life(timeToLive);

    public static ObjectReply? Life(Duration? timeToLive) => timeToLive is not null && (!WireDuration.TryRead(timeToLive, out var life) || life <= TimeSpan.Zero)
        ? Refuse.Invalid("The time to live has to be longer than zero; absent, the entry stays.")
        : null;
}
