using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Wire;

namespace Grpc.Net.Client.Calls;

/// <summary>Reads what a response says before and after its messages.</summary>
internal static class ResponseHead
{
    /// <summary>The result of a call that its headers decide: trailers-only replies, and what is no reply of a gRPC server. Null: messages follow.</summary>
    public static Status? Decide(HttpResponseMessage response)
    {
        bool isGrpc = response.Content.Headers.NonValidated.TryGetValues("content-type", out HeaderStringValues contentType)
            && GrpcHeaders.IsGrpcContentType(contentType.ToString());
        if (response.StatusCode != HttpStatusCode.OK)
        {
            // A status of gRPC is more exact than one of HTTP, whoever set it.
            return StatusOf(response.Headers) ?? new Status(
                StatusMapping.FromHttpStatus(response.StatusCode),
                string.Create(CultureInfo.InvariantCulture, $"Bad gRPC response: {response.RequestMessage?.RequestUri} replied with HTTP status {(int)response.StatusCode}."));
        }

        if (!isGrpc)
        {
            return new Status(
                StatusCode.Unknown,
                $"Bad gRPC response: {response.RequestMessage?.RequestUri} replied with the content type \"{contentType}\", so it is no gRPC service.");
        }

        return StatusOf(response.Headers);
    }

    /// <summary>The result of a call from its trailers.</summary>
    public static CallResult ResultOf(HttpResponseMessage response)
    {
        Status status = StatusOf(response.TrailingHeaders) ?? new Status(StatusCode.Unknown, "The response ended without a grpc-status.");
        try
        {
            return new CallResult(status, ToMetadata(response.TrailingHeaders));
        }
        catch (FormatException e)
        {
            return new CallResult(new Status(StatusCode.Internal, $"The trailers of the response are damaged: {e.Message}", e), []);
        }
    }

    public static string? EncodingOf(HttpResponseMessage response) => FirstValue(response.Headers, GrpcHeaders.Encoding);

    public static Metadata ToMetadata(HttpHeaders headers)
    {
        var metadata = new Metadata();
        foreach ((string name, HeaderStringValues values) in headers.NonValidated)
        {
            if (GrpcHeaders.IsReserved(name))
            {
                continue;
            }

            foreach (string value in values)
            {
                MetadataCodec.Decode(name, value, metadata);
            }
        }

        return metadata;
    }

    private static Status? StatusOf(HttpHeaders headers) =>
        FirstValue(headers, GrpcHeaders.Status) is string code ? StatusMapping.Parse(code, FirstValue(headers, GrpcHeaders.Message)) : null;

    private static string? FirstValue(HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out HeaderStringValues values) ? values.ToString() : null;
}
