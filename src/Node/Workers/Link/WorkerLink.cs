using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using Cluster.Protocol.Batches;
using Cluster.Protocol.Frames;
using Cluster.Protocol.V1;

namespace Cluster.Node.Workers.Link;

/// <summary>
/// The frames between the node and one worker. Whoever finds the link idle writes, so that a chunk reaches the worker without a hop to
/// another thread; what is posted meanwhile is written together.
/// </summary>
/// <remarks>The queue is bounded by credit: a worker is handed no more than twice as many chunks as it has threads.</remarks>
internal sealed class WorkerLink : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<(ToWorker Header, EncodedBatch[] Batches)> _queue = new();
    private readonly Stream _stream;
    private readonly PipeWriter _output;
    private readonly FrameReader<FromWorker> _reader;
    private readonly FrameWriter _writer;
    private bool _writing;
    private bool _broken;

    /// <param name="stream">The connection.</param>
    /// <param name="reader">Reads from it; has read its first frame.</param>
    public WorkerLink(Stream stream, FrameReader<FromWorker> reader)
    {
        _stream = stream;
        _output = FrameLink.Writer(stream);
        _reader = reader;
        _writer = new FrameWriter(_output);
    }

    /// <summary>The next frame; null when the worker has closed its end.</summary>
    /// <exception cref="MalformedFrameException">The worker, or whoever it is, does not speak in frames.</exception>
    /// <exception cref="IOException">The worker is gone.</exception>
    public ValueTask<Frame<FromWorker>?> ReadAsync(CancellationToken cancellationToken) => _reader.ReadAsync(cancellationToken);

    /// <summary>Sends a frame; what cannot be sent any more is dropped, since the end of a worker is noticed by its reader.</summary>
    public void Send(ToWorker header, params EncodedBatch[] batches)
    {
        lock (_gate)
        {
            if (_broken)
            {
                return;
            }

            _queue.Enqueue((header, batches));
            if (_writing)
            {
                return;
            }

            _writing = true;
        }

        // It keeps its failures to itself: see below.
        _ = WriteAllAsync();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _broken = true;
            _queue.Clear();
        }

        _stream.Dispose();
    }

    private async Task WriteAllAsync()
    {
        try
        {
            while (TryTake(out var header, out var batches))
            {
                do
                {
                    _writer.Write(header, batches);
                }
                while (_output.UnflushedBytes < 1 << 20 && TryTakeMore(out header, out batches));

                await _writer.FlushAsync().ConfigureAwait(false);
            }
        }
        catch (Exception)
        {
            // The worker is gone, or cannot be told what it has to do. Its reader sees the end of the stream, and says so to the pool.
            _stream.Dispose();
            lock (_gate)
            {
                _broken = true;
                _queue.Clear();
            }
        }
    }

    private bool TryTake([NotNullWhen(true)] out ToWorker? header, [NotNullWhen(true)] out EncodedBatch[]? batches)
    {
        lock (_gate)
        {
            _writing = TakeFirst_NeedsLock(out header, out batches);
            return _writing;
        }
    }

    private bool TryTakeMore([NotNullWhen(true)] out ToWorker? header, [NotNullWhen(true)] out EncodedBatch[]? batches)
    {
        lock (_gate)
        {
            return TakeFirst_NeedsLock(out header, out batches);
        }
    }

    private bool TakeFirst_NeedsLock([NotNullWhen(true)] out ToWorker? header, [NotNullWhen(true)] out EncodedBatch[]? batches)
    {
        var taken = _queue.TryDequeue(out var first);
        (header, batches) = first;
        return taken && header is not null && batches is not null;
    }
}
