using System.Globalization;
using Cluster.Coordinator.Dispatch;
using Cluster.Coordinator.Telemetry;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Coordinator.Jobs;

/// <summary>What a client sends after the spec of its job. Reading never waits for writing: results have a writer of their own.</summary>
internal sealed class JobStream(JobSession job, SchedulerLoop loop, CoordinatorMetrics metrics)
{
    private bool _inputsEnded;

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
            if (!_inputsEnded && !job.HasEnded && EndInputs(null) is { } incomplete)
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
                return AddInputs(request.Inputs);
            case RunRequest.RequestOneofCase.SkipItems:
                return SkipInputs(new ItemRange(request.SkipItems.First, request.SkipItems.Count));
            case RunRequest.RequestOneofCase.EndInputs:
                return EndInputs(request.EndInputs.Count);
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

    private string? AddInputs(Batch batch)
    {
        if (_inputsEnded)
        {
            return string.Create(CultureInfo.InvariantCulture, $"A batch at item {batch.First} came after `end_inputs`.");
        }

        var violation = job.Inputs.Append(batch, out var complete, job.Outbox.OwedItems);
        if (violation is null && complete > 0)
        {
            var bytes = batch.FragmentTotal == 0 ? batch.Payload.Length : (long)batch.FragmentTotal;
            metrics.InputBytes.Add(bytes);
            loop.InputsAdded(job, new ItemRange(batch.First, complete), bytes);
        }

        return violation;
    }

    private string? SkipInputs(ItemRange items)
    {
        if (_inputsEnded)
        {
            return string.Create(CultureInfo.InvariantCulture, $"`skip_items` at item {items.First} came after `end_inputs`.");
        }

        var violation = job.Inputs.Skip(items);
        if (violation is null)
        {
            loop.InputsSkipped(job, items);
        }

        return violation;
    }

    private string? EndInputs(ulong? count)
    {
        if (_inputsEnded)
        {
            return "`end_inputs` came twice.";
        }

        var violation = job.Inputs.End(count);
        if (violation is null)
        {
            _inputsEnded = true;
            loop.InputsEnded(job);
        }

        return violation;
    }

    private static ItemRange Bounded(CancelItems items) => new(items.First, Math.Min(items.Count, ulong.MaxValue - items.First));
}
