namespace Cluster.Client.Objects.Handles;

/// <summary>What travels to tasks as a reference to a shared object, and is made again from a handle: a constructor takes one.</summary>
internal interface IReferenced
{
    /// <summary>The object, or the part of it.</summary>
    ObjectHandle Handle { get; }
}
