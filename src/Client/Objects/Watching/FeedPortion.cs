using Cluster.Protocol.V1;

namespace Cluster.Client.Objects.Watching;

/// <summary>A part of what a watch tells.</summary>
/// <param name="Changes">Changes, in the order of revisions; those of one revision are in one portion.</param>
/// <param name="IsContent">The changes set all entries that there are: nothing that was known before counts.</param>
/// <param name="Revision">Everything up to it has been told with this portion.</param>
/// <param name="Incarnation">The history that the revision belongs to.</param>
internal sealed record FeedPortion(IReadOnlyList<DictChange> Changes, bool IsContent, ulong Revision, string Incarnation);
