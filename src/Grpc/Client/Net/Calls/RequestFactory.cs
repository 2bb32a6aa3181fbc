using System.Net;
using Grpc.Core;
using Grpc.Wire;

namespace Grpc.Net.Client.Calls;

/// <summary>Builds the HTTP request of a call.</summary>
internal static class RequestFactory
{
    private const string UserAgent = "grpc-csharp-cluster/0.1.0";

    public static HttpRequestMessage Create(Uri uri, string? host, Metadata? headers, TimeSpan? timeout, RequestBody body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, uri)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = body,
        };
        System.Net.Http.Headers.HttpRequestHeaders target = request.Headers;
        if (host is not null)
        {
            target.Host = host;
        }

        target.TryAddWithoutValidation("te", "trailers");
        target.TryAddWithoutValidation("user-agent", UserAgent);
        target.TryAddWithoutValidation(GrpcHeaders.AcceptEncoding, GzipCodec.AcceptEncoding);
        if (timeout is TimeSpan limit)
        {
            target.TryAddWithoutValidation(GrpcHeaders.Timeout, TimeoutHeader.Format(limit));
        }

        foreach (Metadata.Entry entry in headers ?? Metadata.Empty)
        {
            if (entry.Key == GrpcHeaders.CompressionRequest)
            {
                target.TryAddWithoutValidation(GrpcHeaders.Encoding, entry.Value);
            }
            else if (!GrpcHeaders.IsReserved(entry.Key))
            {
                target.TryAddWithoutValidation(entry.Key, MetadataCodec.Encode(entry));
            }
        }

        return request;
    }
}
