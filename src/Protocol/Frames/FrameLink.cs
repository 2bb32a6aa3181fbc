using System.IO.Pipelines;

namespace Cluster.Protocol.Frames;

/// <summary>Pipes over a stream, such as that of a Unix domain socket, with the block sizes that suit frames.</summary>
public static class FrameLink
{
    /// <summary>Block size of both pipes: few system calls for a large payload, small enough to keep off the large-object heap.</summary>
    private const int BlockBytes = 64 << 10;

    /// <summary>A pipe for <see cref="FrameReader{THeader}"/>.</summary>
    /// <param name="stream">Where the bytes come from; completing the pipe leaves it open.</param>
    public static PipeReader Reader(Stream stream) =>
        PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: BlockBytes, minimumReadSize: BlockBytes / 4, leaveOpen: true));

    /// <summary>A pipe for <see cref="FrameWriter"/>.</summary>
    /// <param name="stream">Where the bytes go; completing the pipe leaves it open.</param>
    public static PipeWriter Writer(Stream stream) =>
        PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: BlockBytes, leaveOpen: true));
}
