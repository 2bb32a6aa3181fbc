namespace Cluster.Node.Workers.Assignment;

/// <summary>A worker process as the pool's decisions see it.</summary>
/// <param name="threads">How many chunks it runs at once.</param>
/// <param name="maxItems">After how many items it is replaced; null: never.</param>
internal class WorkerState(int threads, long? maxItems = null)
{
    /// <summary>How many chunks it runs at once.</summary>
    public int Threads { get; } = threads;

    /// <summary>It has started and said so, and has not been told to end.</summary>
    public bool IsReady { get; internal set; }

    /// <summary>The pool has decided to end it.</summary>
    internal bool IsKilled { get; set; }

    /// <summary>It gets nothing more until it has nothing left, for the sake of a chunk that needs a worker for itself.</summary>
    internal bool IsReserved { get; set; }

    /// <summary>It had several chunks when it ended: any of them may be to blame, also one that waited in it, since the news of its beginning may be lost.</summary>
    internal bool EndedInCompany { get; set; }

    internal List<ChunkState> Running { get; } = [];

    /// <summary>Handed over and not begun, in the order in which they will be: as many as run at once, at most.</summary>
    internal List<ChunkState> Ahead { get; } = [];

    internal HashSet<JobState> OpenJobs { get; } = [];

    /// <summary>Of these, those with a limited time for items whose code it is known to have loaded.</summary>
    internal HashSet<JobState> LoadedJobs { get; } = [];

    /// <summary>There is no room for what it says, and nobody reads it.</summary>
    internal bool IsUnread { get; set; }

    internal int Held => Running.Count + Ahead.Count;

    internal bool HasFreeThread => IsReady && Running.Count < Threads;

    /// <summary>Items of chunks that have ended here.</summary>
    internal long Done { get; set; }

    /// <summary>It has more memory than it should keep.</summary>
    internal bool IsOversized { get; set; }

    /// <summary>Why it is ended, where that is its memory.</summary>
    internal MemoryOveruse? Overuse { get; set; }

    /// <summary>What it ran when that was decided.</summary>
    internal List<ChunkState> Suspects { get; } = [];

    /// <summary>It has been given as many items as it is to run, or has too much memory, and is replaced when it has done them.</summary>
    internal bool IsSpent => IsOversized || (maxItems is { } most && Done + Running.Sum(chunk => chunk.Items) + Ahead.Sum(chunk => chunk.Items) >= most);

    /// <summary>It does not end, and no chunk has it for itself.</summary>
    internal bool TakesChunks => IsReady && !IsSpent && Running is not [{ IsAlone: true }];

    /// <summary>It may be handed chunks that share it, as far as their number goes.</summary>
    internal bool IsOpen => TakesChunks && !IsReserved;

    internal bool HasRoom => IsOpen && Held < 2 * Threads;

    internal bool IsIdle => TakesChunks && Held == 0;
}
