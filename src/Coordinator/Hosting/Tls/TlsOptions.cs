namespace Cluster.Coordinator.Hosting.Tls;

/// <summary>What the coordinator shows at its <c>https://</c> addresses, and what it asks of callers there. All files are PEM text.</summary>
/// <param name="CertificateFile">Its certificate; those that lead from it to its authority may follow in the file.</param>
/// <param name="KeyFile">The private key, without a password; null: it is in the certificate's file too.</param>
/// <param name="ClientAuthorityFile">The authorities that issue the certificates of clients and nodes; null: callers need none.</param>
internal sealed record TlsOptions(string CertificateFile, string? KeyFile = null, string? ClientAuthorityFile = null);
