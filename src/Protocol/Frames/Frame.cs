using System.Buffers;

namespace Cluster.Protocol.Frames;

/// <summary>One frame as it was read.</summary>
/// <param name="Header">What the frame says.</param>
/// <param name="Payload">The bytes behind the header; good until the next frame is read.</param>
/// <typeparam name="THeader">ToWorker or FromWorker.</typeparam>
public readonly record struct Frame<THeader>(THeader Header, ReadOnlySequence<byte> Payload);
