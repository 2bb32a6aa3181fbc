using Cluster.Node.Workers;

namespace Cluster.Node.Session;

/// <summary>An item that runs on, or has its answer, although the session that asked for it is over: what is said of it is kept for the next.</summary>
/// <remarks>Only items that had a chunk for themselves are kept: the others take so little time that they had better run again.</remarks>
internal sealed class Leftover
{
    /// <summary>Bytes of its answer that are kept before its worker has to wait.</summary>
    private const long OutboxBytes = 8 << 20;

    private readonly Outbox _outbox = new(OutboxBytes, isAcknowledged: true);
    private IReadOnlyList<Said> _before = [];

    /// <summary>Takes a chunk from its session. Nothing that is said from now on goes there.</summary>
    public Leftover(PoolChunk chunk)
    {
        Chunk = chunk;
        chunk.Redirect(chunk.Id, _outbox, static _ => { }, static () => []);
    }

    /// <summary>The chunk that the item is in, alone.</summary>
    public PoolChunk Chunk { get; }

    /// <summary>Names the job, whoever coordinates it.</summary>
    public string JobKey => Chunk.PoolJob.Spec.Key;

    /// <summary>The item.</summary>
    public ulong Index => Chunk.Index;

    /// <summary>Whether a chunk can be kept when its session ends.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="said">What was said of it and may not have arrived.</param>
    public static bool IsPossible(PoolChunk chunk, IEnumerable<Said> said) =>
        chunk is { IsComplete: true, Items: 1, StartedAt: not 0, IsCancelled: false, IsAbandoned: false } && chunk.PoolJob.Spec.Key.Length > 0 && IsWhole(chunk, said);

    /// <summary>Adds what was said of it in its session and may not have arrived.</summary>
    /// <returns>False: part of its answer has arrived, and would be missing.</returns>
    public bool TryKeep(IReadOnlyList<Said> said)
    {
        _before = said;
        return IsWhole(Chunk, said);
    }

    /// <summary>Leaves it to another session.</summary>
    /// <param name="id">The number of the chunk there.</param>
    /// <param name="outbox">What that session says.</param>
    /// <param name="ended">Called when it has been answered, unless it has been already.</param>
    /// <returns>Whether more is to come of it.</returns>
    public bool HandTo(ulong id, Outbox outbox, Action<PoolChunk> ended)
    {
        var goesOn = Chunk.Redirect(id, outbox, ended, () => [.. _before, .. _outbox.Unacknowledged]);

        // Its worker may be waiting for room.
        _outbox.Close();
        outbox.Flush();
        return goesOn;
    }

    private static bool IsWhole(PoolChunk chunk, IEnumerable<Said> said) =>
        !chunk.HasAnswers || said.FirstOrDefault(static said => said.Message.ChunkResults is not null).Message?.ChunkResults.Results is { } first
            && first.Batches.All(static batch => batch.FragmentOffset == 0);
}
