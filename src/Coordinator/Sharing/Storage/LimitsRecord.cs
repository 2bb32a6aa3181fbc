using Cluster.Coordinator.Objects;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Sharing.Storage;

/// <summary>Limits as they are written down.</summary>
internal static class LimitsRecord
{
    public static ObjectLimitsRecord Of(ObjectLimits limits) => new()
    {
        ValueBytes = limits.ValueBytes,
        NameLength = limits.NameLength,
        Objects = limits.Objects,
        Cells = limits.Cells,
        Waiters = limits.Waiters,
        KeptReplies = limits.KeptReplies,
        HistoryChanges = limits.HistoryChanges,
        HistoryBytes = limits.HistoryBytes,
        BatchBytes = limits.BatchBytes,
        PageBytes = limits.PageBytes,
    };

    public static ObjectLimits Read(ObjectLimitsRecord record) => new()
    {
        ValueBytes = record.ValueBytes,
        NameLength = record.NameLength,
        Objects = record.Objects,
        Cells = record.Cells,
        Waiters = record.Waiters,
        KeptReplies = record.KeptReplies,
        HistoryChanges = record.HistoryChanges,
        HistoryBytes = record.HistoryBytes,
        BatchBytes = record.BatchBytes,
        PageBytes = record.PageBytes,
    };
}
