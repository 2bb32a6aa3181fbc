using System.Net.Sockets;
using System.Security.Authentication;
using Cluster.Client.Exceptions;
using Cluster.Protocol;
using Cluster.Protocol.V1;
using Grpc.Core;
using Grpc.Transport;
using Polly;
using Polly.Retry;

namespace Cluster.Client.Connection;

/// <summary>
/// The first call to an address: keeps dialling while nothing listens, and finds out whether what answers is a coordinator that speaks
/// this client's protocol.
/// </summary>
internal sealed class Handshake(ClusterConnection connection)
{
    // A listener that accepts and stays silent is tried again after this …
    private static readonly TimeSpan MostPatience = TimeSpan.FromSeconds(3);

    // … but even the last attempt gets this long.
    private static readonly TimeSpan LeastPatience = TimeSpan.FromMilliseconds(250);

    private readonly ClusterClientOptions _options = connection.Options;
    private readonly string _address = connection.Endpoint.Text;

    /// <summary>Completes when the coordinator has answered and the protocols meet.</summary>
    /// <exception cref="ClusterUnavailableException">There is no such coordinator; says what was found and what to do.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        ListNodesReply reply;
        try
        {
            reply = await DialAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw await ExplainAsync(exception, cancellationToken).ConfigureAwait(false);
        }

        if (reply.Coordinator is not { } coordinator)
        {
            throw new ClusterUnavailableException(
                $"What listens at {_address} answers like a coordinator but does not say which one it is. Update it, or correct the address.", isTransient: false);
        }

        var version = typeof(Handshake).Assembly.GetName().Version?.ToString(3);
        var problem = ProtocolVersion.CheckServer(
            $"client {version}", $"coordinator {coordinator.Version} at {_address}", coordinator.MinProtocolVersion, coordinator.ProtocolVersion);
        if (problem is not null)
        {
            throw new ClusterUnavailableException(problem, isTransient: false);
        }
    }

    private async Task<ListNodesReply> DialAsync(CancellationToken cancellationToken)
    {
        var startedAt = _options.TimeProvider.GetTimestamp();
        var pipeline = new ResiliencePipelineBuilder { TimeProvider = _options.TimeProvider }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = int.MaxValue,
                Delay = TimeSpan.FromMilliseconds(20),
                MaxDelay = TimeSpan.FromSeconds(1),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Outcome.Exception is RpcException exception && MayListenLater(exception)
                    && Left(startedAt) > TimeSpan.Zero),
            })
            .Build();
        return await pipeline.ExecuteAsync(token => ListAsync(Left(startedAt), token), cancellationToken).ConfigureAwait(false);
    }

    private TimeSpan Left(long startedAt) => _options.ConnectTimeout - _options.TimeProvider.GetElapsedTime(startedAt);

    private async ValueTask<ListNodesReply> ListAsync(TimeSpan left, CancellationToken cancellationToken)
    {
        var patience = left > MostPatience ? MostPatience : left < LeastPatience ? LeastPatience : left;
        using var attempt = new CancellationTokenSource(patience, _options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, attempt.Token);
        return await connection.Nodes.ListAsync(new ListNodesRequest(), connection.Headers, cancellationToken: either.Token).ConfigureAwait(false);
    }

    private async Task<ClusterUnavailableException> ExplainAsync(RpcException exception, CancellationToken cancellationToken)
    {
        if (exception.StatusCode is StatusCode.Unauthenticated or StatusCode.PermissionDenied)
        {
            return new ClusterUnavailableException(CallErrors.Refused(_address, exception), isTransient: false, exception);
        }

        var failure = await ConnectFailure.DiagnoseAsync(connection.Endpoint, exception, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        var isTransient = failure.Problem == ConnectProblem.NothingListens
            || (failure.Problem == ConnectProblem.Other && exception.StatusCode is StatusCode.Cancelled or StatusCode.DeadlineExceeded);
        return new ClusterUnavailableException(Explain(failure), isTransient, exception);
    }

    private string Explain(ConnectFailure failure) => failure.Problem switch
    {
        ConnectProblem.NothingListens =>
            $"Nothing listens at {_address} ({failure.Reason}); gave up after {_options.ConnectTimeout.TotalSeconds:0.###} s. Start a coordinator there "
            + "(cluster coordinator, or cluster up for a whole cluster), correct the address, or raise ConnectTimeout.",
        ConnectProblem.UntrustedIssuer =>
            $"The certificate of the coordinator at {_address} is not trusted. {failure.Reason} Set ClusterClientOptions.CertificateAuthority or "
            + "CertificateAuthorityFile (--tls-ca on the command line) to the authority that has issued it.",
        ConnectProblem.WrongCertificate =>
            $"The certificate of the coordinator at {_address} is not trusted. {failure.Reason} Use an address that the certificate is for, or give the coordinator a new one.",
        ConnectProblem.TlsWanted => $"What listens at {_address} speaks TLS: use an https:// address.",
        ConnectProblem.TlsNotSpoken =>
            $"What listens at {_address} does not speak TLS. {failure.Reason} Use an http:// address, or start the coordinator with a certificate (--tls-certificate).",
        _ => $"What listens at {_address} is no coordinator: it {failure.Reason}. Check the address: a coordinator prints its own when it starts.",
    };

    // Nobody there yet, or nobody who answers yet; anything that answers something else will not change.
    private static bool MayListenLater(RpcException exception) =>
        ConnectFailure.FindCause<AuthenticationException>(exception) is null
        && (ConnectFailure.FindCause<SocketException>(exception) is not null
            || ConnectFailure.FindCause<TimeoutException>(exception) is not null
            || exception.StatusCode is StatusCode.Cancelled or StatusCode.DeadlineExceeded);
}
