using Cluster.Node.Code;
using Cluster.Protocol.Frames;
using Cluster.Protocol.V1;

namespace Cluster.Node.Workers.Broadcasts;

/// <summary>Gets broadcasts for workers: each once, however many of them ask.</summary>
/// <param name="cache">Those that are here.</param>
internal sealed class BroadcastDoor(CodeCache cache)
{
    /// <summary>Answers a worker.</summary>
    /// <param name="stream">The worker's connection; it is disposed.</param>
    /// <param name="file">What it needs.</param>
    /// <param name="cancellationToken">The node ends.</param>
    public async Task RunAsync(Stream stream, CodeFile file, CancellationToken cancellationToken)
    {
        try
        {
            var answer = new WorkerBroadcastReady();
            try
            {
                answer.Path = (await cache.GetAsync([file], cancellationToken).ConfigureAwait(false))[0];
            }
            catch (CodeUnavailableException exception)
            {
                answer.Problem = exception.Message;
            }

            var writer = new FrameWriter(FrameLink.Writer(stream));
            writer.Write(new ToWorker { BroadcastReady = answer });
            await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The worker is gone, or the node ends, and its workers with it.
        }
        finally
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }
    }
}
