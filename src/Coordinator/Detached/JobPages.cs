using System.Globalization;
using Cluster.Coordinator.Errors;
using Cluster.Coordinator.Jobs;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Coordinator.Detached;

/// <summary>Lists jobs page by page. A token names the last job of a page by its place in the order, so that jobs which come and go meanwhile do no harm.</summary>
internal static class JobPages
{
    private const int DefaultSize = 100;
    private const int MaxSize = 1000;

    /// <summary>One page.</summary>
    /// <param name="all">All jobs, in any order.</param>
    /// <param name="request">Which are wanted.</param>
    /// <exception cref="RpcException">INVALID_ARGUMENT: the token is none.</exception>
    /// <returns>The jobs of the page, the last submitted first, and the token of the next page; empty: there is none.</returns>
    public static (IReadOnlyList<IListedJob> Jobs, string NextPageToken) Page(IEnumerable<IListedJob> all, ListJobsRequest request)
    {
        var after = Parse(request.PageToken);
        var size = request.PageSize == 0 ? DefaultSize : (int)Math.Min(request.PageSize, MaxSize);
        IListedJob[] page =
        [
            .. all.Where(job => IsWanted(job, request) && (after is not { } place || IsAfter(job, place)))
                .OrderByDescending(static job => job.SubmittedAt).ThenByDescending(static job => job.Id, StringComparer.Ordinal)
                .Take(size + 1),
        ];
        return page.Length <= size ? (page, "") : (page[..size], string.Create(CultureInfo.InvariantCulture, $"{page[size - 1].SubmittedAt.UtcTicks}-{page[size - 1].Id}"));
    }

    private static bool IsWanted(IListedJob job, ListJobsRequest request) =>
        (request.State == JobStatus.Unspecified || job.State == request.State)
        && (request.Kind == JobKind.Unspecified || job.Kind == request.Kind)
        && job.Name.StartsWith(request.NamePrefix, StringComparison.Ordinal)
        && request.Labels.All(label => job.Labels.TryGetValue(label.Key, out var value) && value == label.Value);

    private static bool IsAfter(IListedJob job, (long Ticks, string Id) place) =>
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
            : throw RichStatus.BadField("page_token", "`page_token` is none that List has given. Leave it out for the first page.");
    }
}
