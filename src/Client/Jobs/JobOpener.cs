using System.Diagnostics;
using System.Security.Cryptography;
using Cluster.Client.Connection;
using Cluster.Client.Functions;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Cluster.Client.Jobs;

/// <summary>Opens a job: sees to it that its code is there, makes the call, and waits until the coordinator has accepted the spec.</summary>
internal sealed class JobOpener(ClusterConnection connection, JobRequest request)
{
    // Nodes need a moment to find a coordinator that was restarted, however little the user wants to wait for the first of them.
    private static readonly TimeSpan NodesComeBack = TimeSpan.FromSeconds(10);

    // The request may be that of other jobs too.
    private readonly JobSpec _spec = new(request.Spec) { Key = RandomNumberGenerator.GetHexString(32) };

    // A name may stand for something else tomorrow; a job that is opened again goes on with what it has begun with.
    private bool _bound;

    /// <summary>The job is kept by the coordinator, and not run for this call.</summary>
    public bool IsDetached => _spec.Detach is not null;

    /// <summary>Has the coordinator go on from a span. Before the job is opened.</summary>
    public void GoOnFrom(Activity? span) => _spec.Traceparent = span is { IdFormat: ActivityIdFormat.W3C, Id: { } id } ? id : _spec.Traceparent;

    /// <param name="again">It was open before.</param>
    /// <param name="cancellationToken">Ends the attempt, and later the call.</param>
    /// <exception cref="RpcException">The coordinator is not there, or refuses the job.</exception>
    /// <exception cref="RegisteredFunctionException">There is no such function, or it takes something else.</exception>
    public async Task<OpenJob> OpenAsync(bool again, CancellationToken cancellationToken)
    {
        await BindAsync(cancellationToken).ConfigureAwait(false);
        var spec = again ? SpecAgain() : _spec;
        await connection.Code.EnsureAsync(request.Code, cancellationToken).ConfigureAwait(false);
        try
        {
            return await OpenOnceAsync(spec, cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.FailedPrecondition && connection.Code.Forget(request.Code))
        {
            // The coordinator has lost code that it had, as one that was restarted elsewhere has. Nothing has been sent yet.
            JobLog.CodeForgotten(connection.Logger);
            await connection.Code.EnsureAsync(request.Code, cancellationToken).ConfigureAwait(false);
            return await OpenOnceAsync(spec, cancellationToken).ConfigureAwait(false);
        }
    }

    private JobSpec SpecAgain()
    {
        return IsDetached || _spec.NoNodesTimeout.ToTimeSpan() >= NodesComeBack ? _spec : new JobSpec(_spec) { NoNodesTimeout = Duration.FromTimeSpan(NodesComeBack) };
    }

    private async Task BindAsync(CancellationToken cancellationToken)
    {
        if (request.Target is { } target && !_bound)
        {
            target.Bind(_spec, await NamedFunctions.FindAsync(connection, target.Name, cancellationToken).ConfigureAwait(false));
            _bound = true;
        }
    }

    private async Task<OpenJob> OpenOnceAsync(JobSpec spec, CancellationToken cancellationToken)
    {
        var call = connection.Jobs.Run(connection.Headers, cancellationToken: cancellationToken);
        try
        {
            await WriteSpecAsync(call, spec).ConfigureAwait(false);
            return await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false) && call.ResponseStream.Current.Accepted is { } accepted && accepted.Detached == IsDetached
                ? new OpenJob(call, accepted)
                : throw new ClusterException(
                    $"The coordinator at {connection.Endpoint.Text} answered a job without accepting it. Is it of another version?", isTransient: false);
        }
        catch
        {
            call.Dispose();
            throw;
        }
    }

    private async Task WriteSpecAsync(AsyncDuplexStreamingCall<RunRequest, RunReply> call, JobSpec spec)
    {
        try
        {
            await call.RequestStream.WriteAsync(new RunRequest { Open = spec }).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException)
        {
            // The call ended before it had begun; reading tells its status.
            JobLog.WriteFailed(connection.Logger, exception, "");
        }
    }
}
