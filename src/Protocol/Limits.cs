namespace Cluster.Protocol;

/// <summary>Sizes that every process agrees on. All are in bytes unless the name says otherwise.</summary>
public static class Limits
{
    /// <summary>
    /// The most payload that one batch carries (1 MiB). Larger items travel as fragments, so that heartbeats and cancels never wait long
    /// behind data.
    /// </summary>
    public const int MaxPayloadBytes = 1 << 20;

    /// <summary>
    /// A good size for the payload of a batch (64 KiB): large enough to make the cost per message vanish, small enough to keep its buffers
    /// off the large-object heap.
    /// </summary>
    public const int PreferredPayloadBytes = 64 << 10;

    /// <summary>The most items that one batch holds (262,144): keeps the table of lengths within 1 MiB too.</summary>
    public const int MaxBatchItems = 1 << 18;

    /// <summary>The largest gRPC message (4 MiB), the default of most gRPC libraries.</summary>
    public const int MaxMessageBytes = 4 << 20;

    /// <summary>
    /// What a function may have captured, as it travels (2 MiB): the rest of the job's spec must have room beside it in a message, also in those
    /// to nodes and workers.
    /// </summary>
    public const int MaxCaptureBytes = 2 << 20;

    /// <summary>
    /// The largest spec of a job (3 MiB): what its function captured and the rest, and room for the message inside of which it travels to nodes.
    /// </summary>
    public const int MaxSpecBytes = 3 << 20;

    /// <summary>The largest frame between a node and a worker, header and payload together (8 MiB).</summary>
    public const int MaxFrameBytes = 8 << 20;

    /// <summary>How many bytes of inputs a client may have unanswered when the coordinator is not told otherwise (64 MiB).</summary>
    public const long DefaultMaxBytesInFlight = 64L << 20;

    /// <summary>How many inputs a client may have unanswered when the coordinator is not told otherwise (4,194,304): empty ones cost something too.</summary>
    public const long DefaultMaxItemsInFlight = 1L << 22;

    /// <summary>The largest item, or result, when the coordinator is not told otherwise (1 GiB).</summary>
    public const long DefaultMaxItemBytes = 1L << 30;
}
