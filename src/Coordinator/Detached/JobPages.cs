using System.Globalization;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Coordinator.Detached;

/// <summary>Lists jobs page by page. A token names the last job of a page by its place in the order, so that jobs which come and go meanwhile do no harm.</summary>
internal static class JobPages
{
    private const int DefaultSize = 100;
    private const int MaxSize = 1000;

    /// <summary>One page.</summary>
    /// <param name="jobs">All jobs, the last submitted first.</param>
    /// <param name="request">Which are wanted.</param>
    /// <exception cref="RpcException">INVALID_ARGUMENT: the token is none.</exception>
    public static ListJobsReply Page(IEnumerable<DetachedJob> jobs, ListJobsRequest request)
    {
        var after = Parse(request.PageToken);
        var size = request.PageSize == 0 ? DefaultSize : (int)Math.Min(request.PageSize, MaxSize);
        var reply = new ListJobsReply();
        DetachedJob? last = null;
        foreach (var job in jobs.Where(job => after is not { } place || IsAfter(job, place)))
        {
            var info = job.Describe();
            if ((request.State != JobStatus.Unspecified && info.State != request.State) || !info.Name.StartsWith(request.NamePrefix, StringComparison.Ordinal)
                || request.Labels.Any(label => !info.Labels.TryGetValue(label.Key, out var value) || value != label.Value))
            {
                continue;
            }

            if (reply.Jobs.Count == size)
            {
                reply.NextPageToken = string.Create(CultureInfo.InvariantCulture, $"{last!.SubmittedAt.UtcTicks}-{last.Id}");
                break;
            }

            reply.Jobs.Add(info);
            last = job;
        }

        return reply;
    }

    private static bool IsAfter(DetachedJob job, (long Ticks, string Id) place) =>
        job.SubmittedAt.UtcTicks < place.Ticks || (job.SubmittedAt.UtcTicks == place.Ticks && string.CompareOrdinal(job.Id, place.Id) < 0);

    private static (long Ticks, string Id)? Parse(string token)
    {
        if (token.Length == 0)
        {
            return null;
        }

        var dash = token.IndexOf('-', StringComparison.Ordinal);
        return dash > 0 && long.TryParse(token.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            ? (ticks, token[(dash + 1)..])
            : throw AdHoc.RichStatus.BadField("page_token", "`page_token` is none that List has given. Leave it out for the first page.");
    }
}
