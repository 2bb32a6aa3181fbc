using Grpc.Core;
using Grpc.Transport;

namespace Cluster.Node.Session;

/// <summary>Why the node's call has not reached a coordinator.</summary>
internal static class DialFailure
{
    /// <summary>
    /// A <see cref="NodeRefusedException"/> where address and certificates do not fit what listens there, which dialling again does not change;
    /// otherwise a <see cref="SessionLostException"/>.
    /// </summary>
    public static async Task<Exception> ExplainAsync(string address, RpcException exception, TimeProvider time, CancellationToken cancellationToken)
    {
        var failure = await ConnectFailure.DiagnoseAsync(GrpcEndpoint.Parse(address), exception, time, cancellationToken).ConfigureAwait(false);
        return failure.Problem switch
        {
            ConnectProblem.UntrustedIssuer => new NodeRefusedException(
                $"The coordinator's certificate is not trusted. {failure.Reason} Give the node the authority that has issued it with --tls-ca.", exception),
            ConnectProblem.WrongCertificate => new NodeRefusedException(
                $"The coordinator's certificate is not trusted. {failure.Reason} Dial an address that the certificate is for, or give the coordinator a new one.", exception),
            ConnectProblem.TlsWanted => new NodeRefusedException("What listens there speaks TLS: use an https:// address.", exception),
            ConnectProblem.TlsNotSpoken => new NodeRefusedException(
                $"What listens there does not speak TLS. {failure.Reason} Use an http:// address, or start the coordinator with a certificate (--tls-certificate).", exception),
            ConnectProblem.NothingListens => new SessionLostException($"Nothing listens there ({failure.Reason}).", exception),
            _ => new SessionLostException($"What listens there {failure.Reason}.", exception),
        };
    }
}
