using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Objects.Requests;

/// <summary>Indices as Python has them: below 0 they count from the end.</summary>
internal static class Bounds
{
    /// <summary>Where an index is; null: nowhere.</summary>
    public static int? Index(long index, int count)
    {
        var place = index < 0 ? index + count : index;
        return place >= 0 && place < count ? (int)place : null;
    }

    /// <summary>Where a slice begins and ends; bounds beyond the ends are the ends.</summary>
    public static (int Start, int Stop) Slice(long start, long? stop, int count)
    {
        var from = Clamp(start, count);
        return (from, Math.Max(from, stop is null ? count : Clamp(stop.Value, count)));
    }

    /// <summary>The place between two items that an index means; beyond the ends it is the end.</summary>
    public static int Clamp(long index, int count) => (int)Math.Clamp(index < 0 ? index + count : index, 0, count);

    /// <summary>For an index that is nowhere.</summary>
    public static ObjectReply Refusal(SharedObject target, long index, int count) => Refuse.With(
        ObjectErrorCode.OutOfRange,
        count == 0
            ? $"{target.Title} is empty, and index {index} was asked for."
            : $"{target.Title} has {count} items: indices go from 0 to {count - 1}, or from -1 back to {-count}, and {index} was asked for.");
}
