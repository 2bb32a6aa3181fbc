using System.Diagnostics.CodeAnalysis;

namespace Grpc.Core;

/// <summary>How a message is written.</summary>
[Flags]
[SuppressMessage("Naming", "CA1711:Identifiers should not have incorrect suffix", Justification = "As in Grpc.Core.")]
public enum WriteFlags
{
    /// <summary>Nothing in particular.</summary>
    None = 0,

    /// <summary>The message need not be sent at once: another one follows.</summary>
    BufferHint = 0x1,

    /// <summary>Do not compress this message, though the stream is compressed.</summary>
    NoCompress = 0x2,
}
