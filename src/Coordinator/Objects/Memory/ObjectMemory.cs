namespace Cluster.Coordinator.Objects.Memory;

/// <summary>
/// How much memory the shared objects take, by <see cref="Weight"/>: counted the same wherever the same has happened, so that a journal gives the same refusals again.
/// </summary>
internal sealed class ObjectMemory
{
    // More than any one request needs, but for new arrays.
    private const long Plenty = 256 << 20;

    /// <summary>How much they may take; changes that need more are refused.</summary>
    public long Limit { get; set; } = long.MaxValue;

    /// <summary>What objects have, what was answered and not acknowledged, and the changes that wait.</summary>
    public long Used { get; set; }

    /// <summary>What dictionaries keep for watchers that come back.</summary>
    public long History { get; set; }

    /// <summary>What they may keep in all: there is no promise about it.</summary>
    public long HistoryLimit => Limit / 4;

    /// <summary>Whether a change has to be looked at before it happens.</summary>
    public bool IsTight => Limit - Used < Plenty;

    /// <summary>Whether there is room for more. There always is for less.</summary>
    public bool HasRoomFor(long growth) => growth <= 0 || Used <= Limit - growth;
}
