using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;

namespace Cluster.Client.Objects.Locks;

/// <summary>The time that an operation may wait.</summary>
internal static class Waiting
{
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public static ObjectRequest Within(this ObjectRequest request, TimeSpan? timeout)
    {
        if (timeout is { } limit && limit != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(limit, TimeSpan.Zero, nameof(timeout));
            request.Timeout = limit.ToDuration();
        }

        return request;
    }
}
