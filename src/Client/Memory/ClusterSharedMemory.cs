using System.Globalization;
using System.Text.Json.Serialization;
using Cluster.Client.Memory;
using Cluster.Protocol.Memory;

namespace Cluster.Client;

/// <summary>
/// Memory that processes of one machine share: <c>multiprocessing.shared_memory.SharedMemory</c>. What one of them writes the others see at once; what has to be in order
/// among them needs a <see cref="ClusterLock"/>. Given to a task it travels as its name, and is attached there: the task has to run on the same machine (in the same container),
/// and says so where it does not. For all machines there are <see cref="ClusterArray{T}"/> and <see cref="Broadcast{T}"/>.
/// </summary>
/// <remarks>
/// It is there until it is unlinked, or its owner ends: the program that made it or, where a task did, the node. The memory itself is free once it has no name and nobody has it
/// mapped: who uses it does not lose it. Unlike Python, nothing else takes it away. What a task does not close is closed some time after it.
/// </remarks>
[JsonConverter(typeof(SharedMemoryConverter))]
public sealed class ClusterSharedMemory : IDisposable, IAsyncDisposable
{
    private readonly Segment _segment;
    private readonly MappedMemory _mapped;
    private readonly MappedElements<byte>? _bytes;

    private ClusterSharedMemory(Segment segment)
    {
        _segment = segment;
        _mapped = segment.Map();
        _bytes = segment.Size <= int.MaxValue ? new MappedElements<byte>(_mapped) : null;
        if (TaskContext.TryKeep(_mapped))
        {
            // A worker lives on, and tasks seldom close what they were given.
            _mapped.DisposeWhenUnreachable();
        }
    }

    /// <summary>Its name, unique on its machine.</summary>
    public string Name => _segment.Name;

    /// <summary>Its size in bytes.</summary>
    public long Size => _segment.Size;

    /// <summary>All of it. It must not be used after <see cref="Dispose"/>.</summary>
    /// <exception cref="InvalidOperationException">It has 2 GiB or more: take parts of it with <see cref="AsSpan{T}(long, int)"/>.</exception>
    public Memory<byte> Memory => _bytes?.Memory
        ?? throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{Size} bytes are more than a Memory<byte> can hold. Take parts of it with AsSpan."));

    internal Guid Id => _segment.Id;

    /// <summary>Makes shared memory on this machine, filled with zeros: <c>SharedMemory(name, create=True, size=size)</c>.</summary>
    /// <param name="name">Its name. Null: one that nobody has.</param>
    /// <param name="size">Its size in bytes; greater than 0.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The memory, mapped into this process.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is not greater than 0.</exception>
    /// <exception cref="ArgumentException">The name is empty, begins with a dot, or has a slash.</exception>
    /// <exception cref="IOException">There is one of this name on this machine, or not enough memory.</exception>
    public static Task<ClusterSharedMemory> CreateAsync(string? name, long size, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);

        // Elsewhere: the system fills all of it with zeros.
        return Task.Run(
            () =>
            {
                var folder = SegmentFolder.Open();
                folder.Sweep();
                return new ClusterSharedMemory(folder.Create(name ?? SegmentFolder.NewName(), size, SharedMemoryOwner.IdIn(folder)));
            },
            cancellationToken);
    }

    /// <summary>Makes shared memory with a name that nobody has.</summary>
    /// <param name="size">Its size in bytes; greater than 0.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The memory, mapped into this process.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is not greater than 0.</exception>
    /// <exception cref="IOException">There is not enough memory.</exception>
    public static Task<ClusterSharedMemory> CreateAsync(long size, CancellationToken cancellationToken = default) => CreateAsync(null, size, cancellationToken);

    /// <summary>Maps what is there into this process: <c>SharedMemory(name)</c>.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The memory.</returns>
    /// <exception cref="FileNotFoundException">There is none of this name on this machine.</exception>
    public static Task<ClusterSharedMemory> AttachAsync(string name, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? Task.FromCanceled<ClusterSharedMemory>(cancellationToken) : Task.FromResult(Attach(name, null));

    /// <summary>All of it, as elements. The span must not be used after <see cref="Dispose"/>.</summary>
    /// <typeparam name="T">The elements. Bytes at the end that are no whole one are left out.</typeparam>
    /// <returns>The elements.</returns>
    /// <exception cref="OverflowException">They are more than a span can hold.</exception>
    /// <exception cref="ObjectDisposedException">It was closed.</exception>
    public unsafe Span<T> AsSpan<T>()
        where T : unmanaged => _mapped.Span<T>(0, checked((int)(Size / sizeof(T))));

    /// <summary>A part of it, as elements. The span must not be used after <see cref="Dispose"/>.</summary>
    /// <param name="offset">Where the part begins, in bytes.</param>
    /// <param name="count">How many elements it has.</param>
    /// <typeparam name="T">The elements.</typeparam>
    /// <returns>The elements.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The part does not lie within the memory.</exception>
    /// <exception cref="ObjectDisposedException">It was closed.</exception>
    public Span<T> AsSpan<T>(long offset, int count)
        where T : unmanaged => _mapped.Span<T>(offset, count);

    /// <summary>Takes its name away: nobody can attach to it any more. Those who have it keep it until they close it.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether it still had its name.</returns>
    public Task<bool> UnlinkAsync(CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? Task.FromCanceled<bool>(cancellationToken) : Task.FromResult(_segment.Unlink());

    /// <summary>Closes it in this process: <c>close()</c>. What it has given out must not be used any more.</summary>
    public void Dispose() => _mapped.Dispose();

    /// <summary>The same as <see cref="Dispose"/>.</summary>
    /// <returns>Completed.</returns>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Attaches by name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="meant">Which one of this name is meant, and the machine that it was on; null: whichever there is.</param>
    internal static ClusterSharedMemory Attach(string name, (Guid Id, string Host)? meant)
    {
        if (SegmentFolder.Open().Find(name) is not { } segment)
        {
            throw new FileNotFoundException(meant is { } there && there.Host != Environment.MachineName
                ? $"The shared memory '{name}' is on {there.Host}, and this is {Environment.MachineName}: only processes of one machine share it. Pin the job to a node there, or give tasks a Broadcast<T> or a ClusterArray<T>, which are for all machines."
                : $"There is no shared memory '{name}' on {Environment.MachineName}: it was unlinked, or whoever made it has ended.");
        }

        if (meant is { } wanted && segment.Id != wanted.Id)
        {
            throw new FileNotFoundException($"The shared memory '{name}' that was meant was unlinked; there is another of this name on {Environment.MachineName} now.");
        }

        return new ClusterSharedMemory(segment);
    }
}
