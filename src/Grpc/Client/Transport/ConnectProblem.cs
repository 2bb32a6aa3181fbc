namespace Grpc.Transport;

/// <summary>What keeps a call from its server.</summary>
public enum ConnectProblem
{
    /// <summary>None of the others: what was seen is all there is to say.</summary>
    Other,

    /// <summary>Nothing listens at the address, or it cannot be reached.</summary>
    NothingListens,

    /// <summary>No authority that the client trusts has issued the server's certificate.</summary>
    UntrustedIssuer,

    /// <summary>The server's certificate has expired, or is for another host name or use.</summary>
    WrongCertificate,

    /// <summary>The address says <c>http://</c>, and what listens speaks TLS.</summary>
    TlsWanted,

    /// <summary>The address says <c>https://</c>, and what listens does not speak TLS.</summary>
    TlsNotSpoken,
}
