using Cluster.Protocol.Frames;
using Cluster.Protocol.V1;

namespace Cluster.Worker.Link;

/// <summary>The frames between the worker and its node. One thread reads; whoever has something to say writes, one at a time.</summary>
internal sealed class NodeLink
{
    private readonly Lock _gate = new();
    private readonly FrameReader<ToWorker> _reader;
    private readonly FrameWriter _writer;

    /// <param name="stream">A stream that blocks, such as <see cref="BlockingSocketStream"/>: nothing here waits in any other way.</param>
    public NodeLink(Stream stream)
    {
        _reader = new FrameReader<ToWorker>(FrameLink.Reader(stream), ToWorker.Parser);
        _writer = new FrameWriter(FrameLink.Writer(stream));
    }

    /// <summary>Waits for the next frame; null when the node has closed its end.</summary>
    /// <exception cref="IOException">The node is gone.</exception>
    public Frame<ToWorker>? Read() => Completed(_reader.ReadAsync());

    /// <summary>Sends frames together. Blocks while the node does not read: that is how a slow reader slows the function.</summary>
    /// <exception cref="IOException">The node is gone.</exception>
    public void Send(params ReadOnlySpan<OutgoingFrame> frames)
    {
        lock (_gate)
        {
            foreach (var frame in frames)
            {
                _writer.Write(frame.Header, frame.Batches);
            }

            Completed(_writer.FlushAsync());
        }
    }

    /// <summary>The outcome of an operation on a stream that blocks: there is nothing to wait for.</summary>
    private static T Completed<T>(ValueTask<T> operation)
    {
        if (operation.IsCompleted)
        {
            return operation.GetAwaiter().GetResult();
        }

        throw new InvalidOperationException("The link's stream did not block.");
    }
}
