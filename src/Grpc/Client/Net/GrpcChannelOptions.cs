using Grpc.Core;

namespace Grpc.Net.Client;

/// <summary>How a <see cref="GrpcChannel"/> is made.</summary>
public sealed class GrpcChannelOptions
{
    /// <summary>How the channel is secured, and what credentials travel with each call. Default: null, which goes by the address.</summary>
    public ChannelCredentials? Credentials { get; set; }

    /// <summary>The largest message to send, in bytes. Default: null, no limit.</summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>The largest message to receive, in bytes, after inflating it. Default: 4 MiB. Null: no limit.</summary>
    public int? MaxReceiveMessageSize { get; set; } = 4 * 1024 * 1024;

    /// <summary>The client that sends requests. Default: null; give this or <see cref="HttpHandler"/>, not both.</summary>
    public HttpClient? HttpClient { get; set; }

    /// <summary>The handler that sends requests. Default: null, a <see cref="SocketsHttpHandler"/> of the channel's own.</summary>
    public HttpMessageHandler? HttpHandler { get; set; }

    /// <summary>Whether disposing the channel disposes <see cref="HttpClient"/> or <see cref="HttpHandler"/>. Default: false.</summary>
    public bool DisposeHttpClient { get; set; }

    /// <summary>Whether a cancelled call throws <see cref="OperationCanceledException"/> in place of <see cref="RpcException"/>. Default: false.</summary>
    public bool ThrowOperationCanceledOnCancellation { get; set; }

    /// <summary>Whether call credentials are sent over channels without TLS too. Default: false: they are left out there.</summary>
    public bool UnsafeUseInsecureChannelCallCredentials { get; set; }
}
