using System.Net.Sockets;
using System.Security.Authentication;
using Cluster.Client.Exceptions;
using Cluster.Protocol;
using Cluster.Protocol.V1;
using Grpc.Core;
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
        var detail = exception.Status.Detail;
        if (exception.StatusCode is StatusCode.Unauthenticated or StatusCode.PermissionDenied)
        {
            return new ClusterUnavailableException(CallErrors.TokenRefused(_address, detail), isTransient: false, exception);
        }

        if (Cause<SocketException>(exception) is { } socket && socket.SocketErrorCode != SocketError.ConnectionReset)
        {
            return new ClusterUnavailableException(
                $"Nothing listens at {_address} ({socket.Message}); gave up after {_options.ConnectTimeout.TotalSeconds:0.###} s. Start a coordinator there "
                + "(cluster coordinator, or cluster up for a whole cluster), correct the address, or raise ConnectTimeout.",
                isTransient: true,
                exception);
        }

        if (Cause<AuthenticationException>(exception) is { } tls)
        {
            return new ClusterUnavailableException(Untrusted(tls), isTransient: false, exception);
        }

        var found = connection.Endpoint.Address.Scheme == Uri.UriSchemeHttps
            ? $"answered {exception.StatusCode}: {detail}"
            : await EndpointProbe.DescribeAsync(connection.Endpoint, _options.TimeProvider, cancellationToken).ConfigureAwait(false)
                + $" ({exception.StatusCode}: {detail})";
        return new ClusterUnavailableException(
            $"What listens at {_address} is no coordinator: it {found}. Check the address: a coordinator prints its own when it starts.",
            isTransient: exception.StatusCode is StatusCode.Cancelled or StatusCode.DeadlineExceeded,
            exception);
    }

    private string Untrusted(AuthenticationException tls) => tls.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase)
        ? $"The certificate of the coordinator at {_address} is not trusted: {tls.Message} Set ClusterClientOptions.CertificateAuthority to the authority that signed it."
        : $"What listens at {_address} does not speak TLS: {tls.Message} Use an http:// address, or start the coordinator with a certificate.";

    // Nobody there yet, or nobody who answers yet; anything that answers something else will not change.
    private static bool MayListenLater(RpcException exception) =>
        Cause<AuthenticationException>(exception) is null
        && (Cause<SocketException>(exception) is not null || exception.StatusCode is StatusCode.Cancelled or StatusCode.DeadlineExceeded);

    private static T? Cause<T>(RpcException exception)
        where T : Exception
    {
        for (var cause = exception.Status.DebugException ?? exception.InnerException; cause is not null; cause = cause.InnerException)
        {
            if (cause is T found)
            {
                return found;
            }
        }

        return null;
    }
}
