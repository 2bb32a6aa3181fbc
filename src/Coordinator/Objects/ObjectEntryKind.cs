namespace Cluster.Coordinator.Objects;

/// <summary>What can happen to the shared objects.</summary>
internal enum ObjectEntryKind
{
    /// <summary>A session begins.</summary>
    SessionOpened = 1,

    /// <summary>A session begins that only reads. Nothing of it is written down; it ends with its connection.</summary>
    ReaderOpened,

    /// <summary>The connection of a session broke; its lease runs.</summary>
    SessionDisconnected,

    /// <summary>A session is back, on another connection.</summary>
    SessionResumed,

    /// <summary>A session said goodbye.</summary>
    SessionClosed,

    /// <summary>A session asks for something.</summary>
    Request,

    /// <summary>A session has received all replies below a number.</summary>
    Acknowledged,

    /// <summary>Nothing but the time.</summary>
    TimePassed,

    /// <summary>All objects may take so much memory together from now on.</summary>
    MemoryLimited,

    /// <summary>The coordinator was started again: no session is connected.</summary>
    Restarted,
}
