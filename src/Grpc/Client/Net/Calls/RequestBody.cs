using System.Net;
using System.Net.Http.Headers;
using Grpc.Wire;

namespace Grpc.Net.Client.Calls;

/// <summary>The body of a request.</summary>
internal abstract class RequestBody : HttpContent
{
    private static readonly MediaTypeHeaderValue GrpcContentType = new(GrpcHeaders.ContentType);

    protected RequestBody() => Headers.ContentType = GrpcContentType;

    /// <summary>Lets go of the body: the call is over.</summary>
    public abstract void End();

    protected sealed override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected sealed override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
