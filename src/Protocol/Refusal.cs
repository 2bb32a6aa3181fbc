namespace Cluster.Protocol;

/// <summary>What a coordinator adds to the status <c>Unauthenticated</c>, so that the caller can say which of its options to correct.</summary>
public static class Refusal
{
    /// <summary>The metadata that tells what was refused; absent: the token.</summary>
    public const string MetadataKey = "cluster-refused";

    /// <summary>The caller's certificate, or the lack of one.</summary>
    public const string ClientCertificate = "client-certificate";
}
