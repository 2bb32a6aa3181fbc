using Cluster.Coordinator.Dispatch;
using Cluster.Coordinator.Telemetry;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Coordinator.Jobs;

/// <summary>What a client sends after the spec of its job. Reading never waits for writing: results have a writer of their own.</summary>
internal sealed class JobStream(JobSession job, SchedulerLoop loop, CoordinatorMetrics metrics)
{
    private readonly JobFeed _feed = new(job, loop, metrics);

    /// <summary>Reads until the client ends its side, breaks the protocol, or is gone.</summary>
    public async Task ReadAsync(IAsyncStreamReader<RunRequest> requests, CancellationToken cancellationToken)
    {
        try
        {
            while (await requests.MoveNext(cancellationToken))
            {
                // A client cannot know yet that its job is over; what it sends is read, so that it is not stuck, and dropped.
                if (!job.HasEnded && Handle(requests.Current) is { } violation)
                {
                    loop.CancelJob(job, JobErrors.Protocol(violation));
                }
            }

            // Ad-hoc callers end their side without a word.
            if (!_feed.HasEnded && !job.HasEnded && _feed.End(null) is { } incomplete)
            {
                loop.CancelJob(job, JobErrors.Protocol(incomplete));
            }
        }
        catch (RpcException exception) when (!job.HasEnded && !cancellationToken.IsCancellationRequested)
        {
            job.Abort(exception.StatusCode, exception.Status.Detail);
        }
#pragma warning disable CA1031 // However a connection breaks, its job is cancelled; and a read that the end of the call cuts off is no news.
        catch (Exception)
#pragma warning restore CA1031
        {
            loop.Abandon(job);
        }
    }

    private string? Handle(RunRequest request)
    {
        switch (request.RequestCase)
        {
            case RunRequest.RequestOneofCase.Inputs:
                return _feed.Add(request.Inputs);
            case RunRequest.RequestOneofCase.SkipItems:
                return _feed.Skip(new ItemRange(request.SkipItems.First, request.SkipItems.Count));
            case RunRequest.RequestOneofCase.EndInputs:
                return _feed.End(request.EndInputs.Count);
            case RunRequest.RequestOneofCase.CancelItems:
                loop.CancelItems(job, Bounded(request.CancelItems), request.CancelItems.Force);
                return null;
            case RunRequest.RequestOneofCase.CancelJob:
                loop.CancelJob(job);
                return null;
            case RunRequest.RequestOneofCase.Open:
                return "`open` came twice; a call carries one job.";
            default:
                return "A request is empty, or of a kind that this coordinator does not know.";
        }
    }

    private static ItemRange Bounded(CancelItems items) => new(items.First, Math.Min(items.Count, ulong.MaxValue - items.First));
}
