using System.Security.Cryptography;
using Cluster.Client.Objects.Cells;
using Cluster.Client.Objects.Handles;
using Cluster.Client.Objects.Values;
using Cluster.Protocol.V1;

namespace Cluster.Client;

/// <summary>
/// Makes objects that all processes of a cluster share, or finds the one of a name. The calls do not wait: the first operation fails when an object of the name is
/// something else.
/// </summary>
public static class SharedObjects
{
    private const int KeyLength = 32;

    /// <summary>A dictionary: <c>Manager().dict()</c>.</summary>
    /// <typeparam name="TKey">Keys.</typeparam>
    /// <typeparam name="TValue">Values.</typeparam>
    /// <param name="cluster">The cluster.</param>
    /// <param name="name">Its name. Default (null): none; it lives as long as somebody has it.</param>
    /// <returns>The dictionary.</returns>
    public static ClusterDictionary<TKey, TValue> Dictionary<TKey, TValue>(this ClusterClient cluster, string? name = null)
        where TKey : notnull =>
        new(Handle(cluster, new ObjectOpen { Kind = ObjectKind.Dictionary, KeyType = ValueCodec<TKey>.TypeName, ValueType = ValueCodec<TValue>.TypeName }, name));

    /// <summary>A namespace: <c>Manager().Namespace()</c>.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="name">Its name. Default (null): none.</param>
    /// <returns>The namespace.</returns>
    public static ClusterNamespace Namespace(this ClusterClient cluster, string? name = null) => new(Handle(cluster, new ObjectOpen { Kind = ObjectKind.Namespace }, name));

    /// <summary>A list: <c>Manager().list()</c>.</summary>
    /// <typeparam name="T">Values.</typeparam>
    /// <param name="cluster">The cluster.</param>
    /// <param name="name">Its name. Default (null): none.</param>
    /// <returns>The list.</returns>
    public static ClusterList<T> List<T>(this ClusterClient cluster, string? name = null) =>
        new(Handle(cluster, new ObjectOpen { Kind = ObjectKind.List, ValueType = ValueCodec<T>.TypeName }, name));

    /// <summary>A queue: <c>Queue(maxsize)</c>.</summary>
    /// <typeparam name="T">Items.</typeparam>
    /// <param name="cluster">The cluster.</param>
    /// <param name="name">Its name. Default (null): none.</param>
    /// <param name="capacity">How many items it holds before putting waits. Default: 0, no limit. One that exists keeps its own.</param>
    /// <returns>The queue.</returns>
    public static ClusterQueue<T> Queue<T>(this ClusterClient cluster, string? name = null, int capacity = 0) =>
        new(Handle(cluster, new ObjectOpen { Kind = ObjectKind.Queue, ValueType = ValueCodec<T>.TypeName, Queue = new QueueOptions { Capacity = (uint)Math.Max(0, capacity) } }, name));

    /// <summary>A pipe: <c>Pipe(duplex)</c>.</summary>
    /// <typeparam name="T">What is sent.</typeparam>
    /// <param name="cluster">The cluster.</param>
    /// <param name="name">Its name. Default (null): none.</param>
    /// <param name="duplex">Both ends send and receive. Otherwise the right one sends and the left one receives.</param>
    /// <param name="capacity">How many values each direction holds before sending waits. Default: 0, no limit.</param>
    /// <returns>The pipe.</returns>
    public static ClusterPipe<T> Pipe<T>(this ClusterClient cluster, string? name = null, bool duplex = true, int capacity = 0) => new(Handle(
        cluster,
        new ObjectOpen { Kind = ObjectKind.Pipe, ValueType = ValueCodec<T>.TypeName, Pipe = new PipeOptions { OneWay = !duplex, Capacity = (uint)Math.Max(0, capacity) } },
        name));

    /// <summary>A value: <c>Value(type, initial)</c>.</summary>
    /// <typeparam name="T">The value.</typeparam>
    /// <param name="cluster">The cluster.</param>
    /// <param name="initial">What it is at first. One that exists keeps its own.</param>
    /// <param name="name">Its name. Default (null): none.</param>
    /// <returns>The value.</returns>
    public static ClusterValue<T> Value<T>(this ClusterClient cluster, T initial, string? name = null) => new(Handle(
        cluster,
        new ObjectOpen { Kind = ObjectKind.Value, ValueType = ValueCodec<T>.TypeName, Cells = new CellOptions { Length = 1, Numeric = CellCodec<T>.Numeric, Initial = { CellCodec<T>.Encode(initial) } } },
        name));

    /// <summary>An array: <c>Array(type, initial)</c>.</summary>
    /// <typeparam name="T">Elements.</typeparam>
    /// <param name="cluster">The cluster.</param>
    /// <param name="initial">What is in it at first, and with that its length: at least 1. One that exists keeps its own.</param>
    /// <param name="name">Its name. Default (null): none.</param>
    /// <returns>The array.</returns>
    public static ClusterArray<T> Array<T>(this ClusterClient cluster, IReadOnlyCollection<T> initial, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(initial);
        ArgumentOutOfRangeException.ThrowIfZero(initial.Count, nameof(initial));
        var cells = new CellOptions { Length = (uint)initial.Count, Numeric = CellCodec<T>.Numeric };
        cells.Initial.AddRange(CellCodec<T>.EncodeMany(initial));
        return new(Handle(cluster, new ObjectOpen { Kind = ObjectKind.Array, ValueType = ValueCodec<T>.TypeName, Cells = cells }, name));
    }

    /// <summary>An array of zeros, or what else is the default of its elements: <c>Array(type, length)</c>.</summary>
    /// <typeparam name="T">Elements.</typeparam>
    /// <param name="cluster">The cluster.</param>
    /// <param name="length">How many elements there are: at least 1. One that exists keeps its own.</param>
    /// <param name="name">Its name. Default (null): none.</param>
    /// <returns>The array.</returns>
    public static ClusterArray<T> Array<T>(this ClusterClient cluster, int length, string? name = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        var cells = new CellOptions { Length = (uint)length, Numeric = CellCodec<T>.Numeric, Initial = { CellCodec<T>.Encode(default!) } };
        return new(Handle(cluster, new ObjectOpen { Kind = ObjectKind.Array, ValueType = ValueCodec<T>.TypeName, Cells = cells }, name));
    }

    /// <summary>A lock: <c>Lock()</c>.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="name">Its name. Default (null): none.</param>
    /// <returns>The lock.</returns>
    public static ClusterLock Lock(this ClusterClient cluster, string? name = null) => new(Handle(cluster, new ObjectOpen { Kind = ObjectKind.Lock }, name));

    /// <summary>A re-entrant lock: <c>RLock()</c>.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="name">Its name. Default (null): none.</param>
    /// <returns>The lock.</returns>
    public static ClusterRLock RLock(this ClusterClient cluster, string? name = null) => new(Handle(cluster, new ObjectOpen { Kind = ObjectKind.Rlock }, name));

    /// <summary>A semaphore: <c>Semaphore(value)</c>, <c>BoundedSemaphore(value)</c>.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="permits">How many permits there are at first. One that exists keeps its own.</param>
    /// <param name="bounded">Giving back more than were taken is an error.</param>
    /// <param name="name">Its name. Default (null): none.</param>
    /// <returns>The semaphore.</returns>
    public static ClusterSemaphore Semaphore(this ClusterClient cluster, int permits = 1, bool bounded = false, string? name = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(permits);
        return new(Handle(cluster, new ObjectOpen { Kind = ObjectKind.Semaphore, Semaphore = new SemaphoreOptions { Value = (uint)permits, Bounded = bounded } }, name));
    }

    /// <summary>An event: <c>Event()</c>.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="name">Its name. Default (null): none.</param>
    /// <returns>The event.</returns>
    public static ClusterEvent Event(this ClusterClient cluster, string? name = null) => new(Handle(cluster, new ObjectOpen { Kind = ObjectKind.Event }, name));

    /// <summary>A condition with a re-entrant lock of its own: <c>Condition()</c>.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="name">Its name. Default (null): none.</param>
    /// <returns>The condition.</returns>
    public static ClusterCondition Condition(this ClusterClient cluster, string? name = null) => new(Handle(cluster, new ObjectOpen { Kind = ObjectKind.Condition, Condition = new ConditionOptions() }, name));

    /// <summary>A barrier: <c>Barrier(parties, timeout)</c>.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="parties">How many have to wait until all go on. One that exists keeps its own.</param>
    /// <param name="timeout">How long each waits unless it says otherwise. Default (null): for ever.</param>
    /// <param name="name">Its name. Default (null): none.</param>
    /// <returns>The barrier.</returns>
    public static ClusterBarrier Barrier(this ClusterClient cluster, int parties, TimeSpan? timeout = null, string? name = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parties, 1);
        var options = new BarrierOptions { Parties = (uint)parties, Timeout = timeout is { } limit ? Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(limit) : null };
        return new(Handle(cluster, new ObjectOpen { Kind = ObjectKind.Barrier, Barrier = options }, name));
    }

    private static ObjectHandle Handle(ClusterClient cluster, ObjectOpen open, string? name)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        open.Name = name ?? "";
        if (open.Name.Length == 0)
        {
            // For tasks that it is given to.
            open.Key = RandomNumberGenerator.GetHexString(KeyLength, lowercase: true);
        }

        cluster.Connection.ThrowIfDisposed();
        return new ObjectHandle(cluster.Connection.SharedObjects, open).Open();
    }
}
