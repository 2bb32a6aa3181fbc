using System.IO.Compression;

namespace Grpc.AspNetCore.Server;

/// <summary>How gRPC services are served.</summary>
public class GrpcServiceOptions
{
    /// <summary>The largest message to send, in bytes. Default: null, no limit.</summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>The largest message to receive, in bytes, after inflating it. Default: 4 MiB. Null: no limit.</summary>
    public int? MaxReceiveMessageSize { get; set; } = 4 * 1024 * 1024;

    /// <summary>Whether the message of an unexpected exception is told to the caller. Default: null, which is no.</summary>
    public bool? EnableDetailedErrors { get; set; }

    /// <summary>The compression of responses for callers that accept it: <c>gzip</c>. Default: null, none.</summary>
    public string? ResponseCompressionAlgorithm { get; set; }

    /// <summary>How hard responses are compressed. Default: null, <see cref="CompressionLevel.Fastest"/>.</summary>
    public CompressionLevel? ResponseCompressionLevel { get; set; }

    /// <summary>Whether calls of unknown services are left to the rest of the application. Default: null, which is no: the reply is UNIMPLEMENTED.</summary>
    public bool? IgnoreUnknownServices { get; set; }
}
