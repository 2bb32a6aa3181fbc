using System.Net;
using Grpc.Transport;

namespace Cluster.Node.Hosting;

/// <summary>What the command line says.</summary>
internal sealed record NodeOptions
{
    /// <summary>Where the coordinator listens: <c>http://…</c>, <c>https://…</c> or <c>unix:/path</c>.</summary>
    public required string Coordinator { get; init; }

    /// <summary>Unique among the attached nodes.</summary>
    public required string Name { get; init; }

    /// <summary>Worker processes.</summary>
    public required int Workers { get; init; }

    /// <summary>Chunks that a worker runs at once.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>After how many items a worker process is replaced; null: never.</summary>
    public int? MaxTasksPerWorker { get; init; }

    /// <summary>How much of the memory that there is all workers together may use.</summary>
    public MemoryShare Memory { get; init; } = MemoryShare.All;

    /// <summary>How much memory a worker may have; 0: as much as it likes, null: its share of what the node may use.</summary>
    public int? WorkerMemoryMiB { get; init; }

    /// <summary>Chunks that the node takes ahead of its slots.</summary>
    public required int Prefetch { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether tasks may run programs of this machine by name.</summary>
    public bool AllowsCommands { get; init; }

    /// <summary>Where the code of jobs is kept; nodes on one machine share it.</summary>
    public required string CacheDirectory { get; init; }

    /// <summary>The bearer token for the coordinator; null where it wants none.</summary>
    public string? Token { get; init; }

    /// <summary>Whom to trust, and what to show, at an <c>https://</c> address; null: whom the system trusts, and nothing.</summary>
    public GrpcTls? Tls { get; init; }

    /// <summary>End when stdin ends, and leave SIGINT to the parent.</summary>
    public bool ExitWithParent { get; init; }

    /// <summary>Where to say how the node is; null: nowhere.</summary>
    public IPEndPoint? StatusListen { get; init; }

    /// <summary>Where metrics are told, without a token and over plain HTTP/1.1; null: nowhere.</summary>
    public IPEndPoint? MetricsListen { get; init; }

    /// <summary>Whether each line of the log is a JSON object.</summary>
    public bool LogsJson { get; init; }

    /// <summary>How long what runs may go on when the node is to leave.</summary>
    public required TimeSpan DrainGrace { get; init; }

    /// <summary>How many chunks the node runs at once.</summary>
    public int Slots => Workers * Threads;

    // Records print their members; a token must never reach a log.
    public override string ToString() => $"{Name}: {Workers} × {Threads} at {Coordinator}";
}
