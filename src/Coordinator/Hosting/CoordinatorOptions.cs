using System.Net;
using Cluster.Coordinator.Functions;
using Cluster.Coordinator.Hosting.Tls;
using Cluster.Coordinator.Journal;
using Cluster.Coordinator.Lambdas;
using Cluster.Coordinator.Scaling.Pods;
using Cluster.Protocol;

namespace Cluster.Coordinator.Hosting;

/// <summary>How a coordinator runs. The defaults serve a cluster on one machine.</summary>
internal sealed record CoordinatorOptions
{
    /// <summary>Where to listen. Default: <c>http://127.0.0.1:7070</c>.</summary>
    public IReadOnlyList<ListenAddress> Listen { get; init; } = [ListenAddress.Default];

    /// <summary>The folder for code that clients upload, and for the journal; null: a temporary one for the code, removed at the end, and no journal.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Whether shared objects are written to a journal in <see cref="DataDirectory"/>, and come back from it. Otherwise they end with the coordinator. Default: true.</summary>
    public bool KeepsJournal { get; init; } = true;

    /// <summary>When the journal is forced to the disk. Default: every second.</summary>
    public FsyncPolicy Fsync { get; init; } = FsyncPolicy.EverySecond;

    /// <summary>Whether what follows a damage of the journal is cut off (a copy is kept), instead of refusing to start. Default: false.</summary>
    public bool RepairsJournal { get; init; }

    /// <summary>Where those are answered, without a token, who only ask how things are; null: nowhere.</summary>
    public IPEndPoint? StatusListen { get; init; }

    /// <summary>Where metrics are told, without a token and over plain HTTP/1.1; null: nowhere.</summary>
    public IPEndPoint? MetricsListen { get; init; }

    /// <summary>The Kubernetes API, which is told which pods of nodes have work; null: nobody is told. Default: null.</summary>
    public Func<PodApi>? Pods { get; init; }

    /// <summary>Whether each line of the log is a JSON object.</summary>
    public bool LogsJson { get; init; }

    /// <summary>
    /// The bearer tokens, one of which every call must present: a secret alone, or lines of a role, a secret and a name. Null: nothing has to be presented, which only loopback addresses and
    /// sockets allow.
    /// </summary>
    public string? Token { get; init; }

    /// <summary>How many jobs and uploads the holder of a token may begin in a second, in the long run; ten times as many at once. Default: 1000.</summary>
    public int MaxCallRate { get; init; } = 1000;

    /// <summary>The certificate for <c>https://</c> addresses; null: there are none.</summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>How often nodes give a sign of life. Default: 1 s.</summary>
    public TimeSpan HeartbeatPeriod { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a node may be silent before it counts as lost; after half of it, it gets no new work. Default: 5 s.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a cancelled chunk may go on before its worker process is ended. Default: 250 ms.</summary>
    public TimeSpan CancelGrace { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often a job that asks for progress gets a snapshot, when something has changed. Default: 200 ms.</summary>
    public TimeSpan ProgressPeriod { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How many bytes of inputs a job may have unanswered, lengths and a little for each batch included. Default: 64 MiB.</summary>
    public long MaxBytesInFlight { get; init; } = Limits.DefaultMaxBytesInFlight;

    /// <summary>How many inputs a job may have unanswered, whatever their size. Default: 4,194,304.</summary>
    public long MaxItemsInFlight { get; init; } = Limits.DefaultMaxItemsInFlight;

    /// <summary>The largest input and the largest result of an item, in bytes. Default: 1 GiB.</summary>
    public long MaxItemBytes { get; init; } = Limits.DefaultMaxItemBytes;

    /// <summary>How many bytes of replies may wait for a slow client before its job gets no more slots. Default: 16 MiB.</summary>
    public long MaxUndeliveredBytes { get; init; } = 16L << 20;

    /// <summary>How many bytes of results of an ordered ad-hoc call may wait for that of an earlier item, before the call fails. Default: 64 MiB.</summary>
    public long MaxReorderBytes { get; init; } = 64L << 20;

    /// <summary>How long a detached job that has ended is kept, with its results. Default: 7 days.</summary>
    public TimeSpan KeepJobsFor { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How many bytes detached jobs may take on the disk, results included: beyond, those that ended first are forgotten early, those that run fail when they need more, and no more are taken. Default: 8 GiB.</summary>
    public long KeepJobsBytes { get; init; } = 8L << 30;

    /// <summary>How many detached jobs run at once; the others wait in the order of their submission. Default: 64.</summary>
    public int MaxRunningDetachedJobs { get; init; } = 64;

    /// <summary>The largest file of code, in bytes. Default: 256 MiB.</summary>
    public long MaxCodeFileBytes { get; init; } = new CodeStoreOptions { Directory = "" }.MaxFileBytes;

    /// <summary>How lambdas that come as text are compiled.</summary>
    public LambdaOptions Lambdas { get; init; } = new();

    /// <summary>
    /// How many bytes all shared objects may take together; what needs more is refused. Default: a quarter of the memory that this process may use. Another quarter of that is for the latest changes
    /// of dictionaries, and a journal that is compacted needs as much again for a moment.
    /// </summary>
    public long MaxObjectBytes { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4;

    /// <summary>How many bytes all broadcasts may have together, on the disk. Default: 8 GiB.</summary>
    public long MaxBroadcastBytes { get; init; } = 8L << 30;
}
