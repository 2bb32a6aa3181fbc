using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Grpc.Transport;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Cluster.Coordinator.Hosting.Tls;

/// <summary>What the handshake of a connection found out about the client's certificate.</summary>
/// <param name="Refusal">Why it is refused; null: it is good.</param>
internal sealed record ClientVerdict(string? Refusal)
{
    private static readonly ClientVerdict NotExamined = new("No certificate was shown.");

    /// <summary>Judges a certificate.</summary>
    public static ClientVerdict Of(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        new(errors == SslPolicyErrors.None ? null : CertificateProblem.Describe(certificate, chain, errors, host: null));

    /// <summary>The verdict on the connection of a request.</summary>
    public static ClientVerdict On(HttpContext request) =>
        request.Features.Get<IConnectionItemsFeature>()?.Items.TryGetValue(typeof(ClientVerdict), out var verdict) == true && verdict is ClientVerdict known
            ? known
            : NotExamined;

    /// <summary>Keeps it with the connection, for the requests to come.</summary>
    public void Note(ConnectionContext connection) => connection.Items[typeof(ClientVerdict)] = this;
}
