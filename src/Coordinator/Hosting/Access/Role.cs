namespace Cluster.Coordinator.Hosting.Access;

/// <summary>What the holder of a token may do.</summary>
[Flags]
internal enum Role
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Look: jobs and their results, nodes, functions, what is in dictionaries.</summary>
    Read = 1,

    /// <summary>Look, and run code: jobs, functions, shared objects, broadcasts.</summary>
    Submit = 2,

    /// <summary>Attach nodes, which get code and bring tasks to shared objects.</summary>
    Node = 4,

    /// <summary>Everything: drain nodes and remove functions too.</summary>
    Admin = 8,

    /// <summary>Whoever has a token.</summary>
    Any = Read | Submit | Node | Admin,
}
