namespace Cluster.Coordinator.Journal;

/// <summary>What was found where a record should begin.</summary>
internal enum RecordState
{
    /// <summary>A record.</summary>
    Good,

    /// <summary>The beginning of one.</summary>
    CutOff,

    /// <summary>Its header does not match its checksum.</summary>
    BadHeader,

    /// <summary>Its payload does not match its checksum.</summary>
    BadPayload,
}
