using Cluster.Client.Connection;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Cli.Top;

/// <summary>Asks a coordinator for what <c>cluster top</c> shows.</summary>
internal sealed class TopSource(ClusterConnection connection, TopModel model, TimeProvider time)
{
    // More than that nobody reads; the coordinator gives no more at once.
    private const uint MostJobs = 1000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly long _begin = time.GetTimestamp();

    /// <summary>What it says now.</summary>
    /// <exception cref="RpcException">It says nothing, or that it does not want to.</exception>
    public async Task<TopSnapshot> TakeAsync(CancellationToken cancellationToken)
    {
        var options = new CallOptions(connection.Headers, time.GetUtcNow().UtcDateTime + Patience, cancellationToken);
        using var nodes = connection.Nodes.ListAsync(new ListNodesRequest(), options);
        using var running = connection.Jobs.ListAsync(new ListJobsRequest { State = JobStatus.Running, PageSize = MostJobs }, options);
        using var queued = connection.Jobs.ListAsync(new ListJobsRequest { State = JobStatus.Queued, PageSize = MostJobs }, options);
        var (list, first, second) = (await nodes, await running, await queued);
        return model.Take(list, [.. first.Jobs, .. second.Jobs], time.GetUtcNow(), time.GetElapsedTime(_begin)) with { HasMoreJobs = first.NextPageToken.Length + second.NextPageToken.Length > 0 };
    }

    /// <summary>The same; where the coordinator is out of reach, what it said last.</summary>
    /// <exception cref="RpcException">It does not want to.</exception>
    public async Task<TopSnapshot> TryTakeAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await TakeAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && (ConnectionBreak.Is(exception) || exception is RpcException { StatusCode: StatusCode.DeadlineExceeded }))
        {
            return model.Lose(exception is RpcException status ? status.Status.Detail : exception.Message, time.GetUtcNow());
        }
    }
}
