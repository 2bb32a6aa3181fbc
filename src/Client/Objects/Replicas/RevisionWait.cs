namespace Cluster.Client.Objects.Replicas;

/// <summary>Somebody waits until a replica has a revision.</summary>
/// <param name="revision">The revision.</param>
/// <param name="incarnation">The history that it belongs to; null: whichever, and it waits on while the replica has no connection.</param>
internal sealed class RevisionWait(ulong revision, string? incarnation)
{
    public ulong Revision => revision;

    public string? Incarnation => incarnation;

    /// <summary>Whether it has the revision; otherwise something happened for which to look again.</summary>
    public TaskCompletionSource<bool> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
