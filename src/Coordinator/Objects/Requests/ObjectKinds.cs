using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Objects.Requests;

/// <summary>A set of kinds of objects: bit n is the kind with the number n.</summary>
[Flags]
internal enum ObjectKinds
{
    /// <summary>The operation is about no object of a certain kind.</summary>
    None = 0,
    Dictionaries = (1 << (int)ObjectKind.Dictionary) | (1 << (int)ObjectKind.Namespace),
    List = 1 << (int)ObjectKind.List,
    Queue = 1 << (int)ObjectKind.Queue,
    Pipe = 1 << (int)ObjectKind.Pipe,
    Cells = (1 << (int)ObjectKind.Value) | (1 << (int)ObjectKind.Array),
    Locks = (1 << (int)ObjectKind.Lock) | (1 << (int)ObjectKind.Rlock),
    Semaphore = 1 << (int)ObjectKind.Semaphore,
    Event = 1 << (int)ObjectKind.Event,
    Condition = 1 << (int)ObjectKind.Condition,
    Barrier = 1 << (int)ObjectKind.Barrier,
}
