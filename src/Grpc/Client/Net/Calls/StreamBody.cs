using System.Net;

namespace Grpc.Net.Client.Calls;

/// <summary>A body that a <see cref="RequestPump"/> writes until its stream of messages ends.</summary>
internal sealed class StreamBody(RequestPump pump) : RequestBody
{
    private int _sent;

    public override void End() => pump.End();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _sent, 1) == 1)
        {
            throw new IOException("The connection was lost, and the messages of a stream that were sent over it cannot be sent again.");
        }

        // Headers go out before the first message: the server may have something to say before it is told anything.
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        if (!await pump.RunAsync(stream).ConfigureAwait(false))
        {
            throw new OperationCanceledException("The call is over before its requests were complete.");
        }
    }
}
