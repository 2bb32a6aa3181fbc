using System.Net;
using Grpc.Wire;

namespace Grpc.Net.Client.Calls;

/// <summary>
/// A body of one message. HttpClient may send it again over another connection, so the rented bytes are kept until the call is over and no
/// connection is sending them.
/// </summary>
internal sealed class UnaryBody(PooledBuffer message) : RequestBody
{
    private readonly Lock _gate = new();
    private int _holders = 1;

    public override void End() => Release();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Hold();
        try
        {
            await stream.WriteAsync(message.WrittenMemory, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Release();
        }
    }

    private void Hold()
    {
        lock (_gate)
        {
            if (_holders == 0)
            {
                throw new OperationCanceledException("The call is over.");
            }

            _holders++;
        }
    }

    private void Release()
    {
        lock (_gate)
        {
            if (--_holders == 0)
            {
                message.Dispose();
            }
        }
    }
}
