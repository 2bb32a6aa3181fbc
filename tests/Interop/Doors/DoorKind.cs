namespace Cluster.Interop.Doors;

/// <summary>What a way into a cluster asks for.</summary>
public enum DoorKind
{
    /// <summary>Nothing: loopback.</summary>
    Plain,

    /// <summary>A token.</summary>
    Token,

    /// <summary>A token, over TLS.</summary>
    Tls,

    /// <summary>A token and a certificate of the caller's, over TLS.</summary>
    MutualTls,
}
