using Cluster.Coordinator.AdHoc;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Cluster.Unit.Coordinator.AdHoc;

/// <summary>What a job tells those who wait for it, and how they write it down.</summary>
internal static class Replies
{
    public static ItemResults Results { get; } = new("samples/square(int x)");

    /// <summary>Item <paramref name="index"/> has a result.</summary>
    public static RunReply Value(ulong index, Value value)
    {
        var batch = AdHocItems.Encode([value], alwaysNull: false).Single();
        batch.First = index;
        return new RunReply { Results = new Results { Batches = { batch } } };
    }

    /// <summary>Item <paramref name="index"/> has a result: a number.</summary>
    public static RunReply Number(ulong index, double number) => Value(index, Google.Protobuf.WellKnownTypes.Value.ForNumber(number));

    /// <summary>An item failed.</summary>
    public static RunReply Failure(ulong index, ErrorKind kind = ErrorKind.User) =>
        new() { Results = new Results { Failures = { new ItemFailure { Index = index, Error = new ErrorInfo { Kind = kind, Message = "broken", Stack = "at" } } } } };

    /// <summary>The job is over.</summary>
    public static RunReply End(ErrorKind? kind = null) =>
        new() { End = new JobEnd { Error = kind is { } known ? new ErrorInfo { Kind = known, Message = "over" } : null } };

    /// <summary>A caller's stream that keeps what it is told.</summary>
    public sealed class Stream : IServerStreamWriter<ItemResult>
    {
        public List<ItemResult> Told { get; } = [];

        public int Flushes { get; private set; }

        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(ItemResult message)
        {
            Told.Add(message);
            Flushes += WriteOptions!.Flags.HasFlag(WriteFlags.BufferHint) ? 0 : 1;
            return Task.CompletedTask;
        }
    }
}
