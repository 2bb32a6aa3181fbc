namespace Cluster.Client;

/// <summary>What has happened in a shared dictionary.</summary>
public enum DictionaryChangeKind
{
    /// <summary>An entry was set.</summary>
    Set = 0,

    /// <summary>An entry was removed.</summary>
    Removed = 1,

    /// <summary>An entry's time to live was over.</summary>
    Expired = 2,

    /// <summary>All entries were removed.</summary>
    Cleared = 3,

    /// <summary>The whole content: nothing that was known before counts.</summary>
    Snapshot = 4,
}
