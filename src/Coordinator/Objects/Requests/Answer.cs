using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Objects.Requests;

/// <summary>Replies that say nothing but what they are asked.</summary>
internal static class Answer
{
    private static readonly ObjectDone Nothing = new();

    public static ObjectReply Done() => new() { Done = Nothing };

    public static ObjectReply Flag(bool value) => new() { Flag = value };

    public static ObjectReply Count(long value) => new() { Count = (ulong)value };

    public static ObjectReply Value(Payload value) => new() { Value = value };
}
