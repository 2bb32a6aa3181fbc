using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Grpc.Transport;

namespace Cluster.Interop.Server;

/// <summary>A call made of bytes, without a gRPC client that would refuse to make it, or give it up.</summary>
internal sealed class RawCall : IDisposable
{
    private readonly HttpMessageInvoker _http;

    public RawCall(string address)
    {
        Address = address;
        _http = new HttpMessageInvoker(GrpcEndpoint.Parse(address).CreateHandler());
    }

    public string Address { get; }

    public static byte[] Message(ReadOnlySpan<byte> payload, byte flag = 0)
    {
        byte[] message = new byte[5 + payload.Length];
        message[0] = flag;
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(1), (uint)payload.Length);
        payload.CopyTo(message.AsSpan(5));
        return message;
    }

    /// <summary>Makes a call and returns the HTTP status, the status of gRPC (-1: none) and the messages.</summary>
    public async Task<(HttpStatusCode Http, int Grpc, string Message, byte[] Body)> PostAsync(
        string method, byte[] body, CancellationToken cancellationToken, string contentType = "application/grpc", params (string Name, string Value)[] headers)
    {
        using HttpResponseMessage response = await OpenAsync(method, body, cancellationToken, contentType, headers);
        byte[] content = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        string? status = Find(response, "grpc-status");
        return (
            response.StatusCode,
            status is null ? -1 : int.Parse(status, CultureInfo.InvariantCulture),
            Uri.UnescapeDataString(Find(response, "grpc-message") ?? ""),
            content);
    }

    /// <summary>Makes a call and returns when its headers have come; the caller reads on, or does not.</summary>
    public async Task<HttpResponseMessage> OpenAsync(
        string method, byte[] body, CancellationToken cancellationToken, string contentType = "application/grpc", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Address}/grpc.testing.TestService/{method}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        request.Headers.TryAddWithoutValidation("te", "trailers");
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _http.SendAsync(request, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private static string? Find(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out IEnumerable<string>? trailers) ? trailers.Single()
        : response.Headers.TryGetValues(name, out IEnumerable<string>? headers) ? headers.Single()
        : null;
}
