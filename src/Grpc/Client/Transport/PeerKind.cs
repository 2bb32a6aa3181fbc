namespace Grpc.Transport;

/// <summary>What listens at an address, as far as its first bytes tell.</summary>
internal enum PeerKind
{
    /// <summary>There is no connection to it.</summary>
    Unreachable,

    /// <summary>It answered nothing, or broke the connection.</summary>
    Silent,

    /// <summary>It speaks HTTP/2 without TLS.</summary>
    Http2,

    /// <summary>It speaks TLS.</summary>
    Tls,

    /// <summary>It speaks something else.</summary>
    Other,
}
