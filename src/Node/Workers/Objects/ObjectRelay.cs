using Cluster.Protocol.Frames;
using Cluster.Protocol.V1;
using Grpc.Core;
using ObjectsClient = Cluster.Protocol.V1.Objects.ObjectsClient;

namespace Cluster.Node.Workers.Objects;

/// <summary>Brings workers to the shared objects: for each connection of a worker a call to the coordinator, with the node's credentials, which no task sees.</summary>
/// <param name="coordinator">Makes the calls.</param>
/// <param name="headers">What they carry.</param>
internal sealed class ObjectRelay(ObjectsClient coordinator, Metadata headers)
{
    /// <summary>For a goodbye to reach the coordinator.</summary>
    private static readonly TimeSpan GoodbyeTime = TimeSpan.FromSeconds(2);

    /// <summary>Passes on what worker and coordinator say until either is gone. A worker that is gone loses at once what it held.</summary>
    /// <param name="stream">The worker's connection; it is disposed.</param>
    /// <param name="reader">Reads from it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(Stream stream, FrameReader<FromWorker> reader, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var call = coordinator.Session(headers, cancellationToken: ending.Token);
        var asking = AskAsync(reader, call, ending);
        try
        {
            await AnswerAsync(call, new FrameWriter(FrameLink.Writer(stream)), ending.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The worker is gone; who asks for it sees that too, and says goodbye.
        }

        await stream.DisposeAsync().ConfigureAwait(false);
        await asking.ConfigureAwait(false);
    }

    private static async Task AnswerAsync(AsyncDuplexStreamingCall<ObjectRequests, ObjectReplies> call, FrameWriter writer, CancellationToken cancellationToken)
    {
        var ended = new WorkerObjectsEnded();
        try
        {
            while (await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false))
            {
                writer.Write(new ToWorker { ObjectReplies = call.ResponseStream.Current });
                await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (RpcException exception)
        {
            ended = new WorkerObjectsEnded { StatusCode = (int)exception.StatusCode, Detail = exception.Status.Detail };
        }

        writer.Write(new ToWorker { ObjectsEnded = ended });
        await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task AskAsync(FrameReader<FromWorker> reader, AsyncDuplexStreamingCall<ObjectRequests, ObjectReplies> call, CancellationTokenSource ending)
    {
        try
        {
            while (await NextAsync(reader, ending.Token).ConfigureAwait(false) is { } requests)
            {
                await call.RequestStream.WriteAsync(requests).ConfigureAwait(false);
            }

            ending.CancelAfter(GoodbyeTime);
            await call.RequestStream.WriteAsync(new ObjectRequests { Bye = true }).ConfigureAwait(false);
            await call.RequestStream.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException or OperationCanceledException or IOException)
        {
            // The call is over, and the worker has been told how it ended.
        }
    }

    // Null: the worker is gone, whether it closed its end or was killed.
    private static async ValueTask<ObjectRequests?> NextAsync(FrameReader<FromWorker> reader, CancellationToken cancellationToken)
    {
        try
        {
            return (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))?.Header.ObjectRequests;
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or MalformedFrameException)
        {
            return null;
        }
    }
}
