using System.Globalization;
using Cluster.Client.Connection;
using Cluster.Protocol;
using Grpc.Core;

namespace Cluster.Client.Exceptions;

/// <summary>Makes exceptions of the statuses that calls to the coordinator end with.</summary>
internal static class CallErrors
{
    /// <summary>What ended a call, whatever it was.</summary>
    public static Exception Explain(Exception exception, string address) => exception switch
    {
        RpcException status => Explain(status, address),
        ObjectDisposedException or ClusterException => exception,
        _ => new ClusterUnavailableException($"The connection to the coordinator at {address} broke: {exception.Message}", isTransient: true, exception),
    };

    /// <summary>There was no coordinator for too long.</summary>
    /// <param name="address">Where it was.</param>
    /// <param name="lasted">Since when.</param>
    /// <param name="attempts">How often it was dialled.</param>
    /// <param name="last">What was seen last.</param>
    public static ClusterUnavailableException GaveUp(string address, TimeSpan lasted, int attempts, Exception last) => new(
        string.Create(
            CultureInfo.InvariantCulture,
            $"The connection to the coordinator at {address} broke and did not come back for {lasted.TotalSeconds:0.#} s, in {attempts} attempts (ClusterClientOptions.ReconnectTimeout). The last one: {(last as RpcException)?.Status.Detail ?? last.Message} Work that was not answered may have run. Start the coordinator, and try again."),
        isTransient: true,
        last);

    public static ClusterException Explain(RpcException status, string address)
    {
        var detail = status.Status.Detail;
        return status.StatusCode switch
        {

            // Whoever cancels on this side says so and does not ask here: the call was cut off.
            _ when ConnectionBreak.Is(status) => new ClusterUnavailableException(
                $"The connection to the coordinator at {address} broke: {detail} Work that was not answered may have run. Try again.", true, status),
            StatusCode.Unauthenticated or StatusCode.PermissionDenied => new ClusterUnavailableException(Refused(address, status), false, status),
            StatusCode.Unimplemented => new ClusterUnavailableException(
                $"What listens at {address} is no coordinator: it does not know the service. {detail}", false, status),

            // What has a local cause is a message that this process does not send or take, and will not the next time.
            StatusCode.ResourceExhausted when status.Status.DebugException is not null =>
                new ClusterException($"A message to or from the coordinator at {address} is too large. {detail}", false, status),
            StatusCode.ResourceExhausted => new ClusterException($"The coordinator at {address} refused the call: {detail}", true, status),
            _ => new ClusterException($"The coordinator at {address} refused the call ({status.StatusCode}): {detail}", false, status),
        };
    }

    /// <summary>The coordinator does not accept the token, or the client's certificate.</summary>
    public static string Refused(string address, RpcException status)
    {
        var remedy = status.Trailers.GetValue(Refusal.MetadataKey) == Refusal.ClientCertificate
            ? "Set ClusterClientOptions.ClientCertificate, or ClientCertificateFile and ClientKeyFile (--tls-certificate and --tls-key on the command line), to one that it accepts."
            : "Set ClusterClientOptions.Token or TokenFile, or the environment variable CLUSTER_TOKEN, to the token that the coordinator was started with.";
        return $"The coordinator at {address} refused this client: {status.Status.Detail} {remedy}";
    }
}
