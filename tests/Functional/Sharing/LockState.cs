namespace Cluster.Functional.Sharing;

/// <summary>A lock.</summary>
/// <param name="Holder">The token of who has it; 0: nobody. <see cref="Untold"/>: somebody who was not told.</param>
/// <param name="Last">The highest token that was told so far.</param>
internal sealed record LockState(long Holder, long Last)
{
    public const long Untold = -1;
}
