using Cluster.Coordinator.Scheduling;

namespace Cluster.Simulation;

/// <summary>A job that a seed has made up: how it is opened and what its items do.</summary>
internal sealed class JobPlan
{
    private static readonly ChunkOutcome?[] Deaths = [ChunkOutcome.WorkerLost, ChunkOutcome.WorkerKilled, ChunkOutcome.OutOfMemory, null];

    private readonly double _seconds;
    private readonly double _rareSeconds;
    private readonly int _salt;

    public JobPlan(Random random, ulong owner, IReadOnlyList<string> nodeNames)
    {
        Count = random.Next(8) == 0 ? 0 : (ulong)Math.Pow(10, random.NextDouble() * 3.3);
        _salt = random.Next();
        _seconds = Math.Pow(10, -7 + (random.NextDouble() * 6.5));
        _rareSeconds = random.Next(3) == 0 ? _seconds * 1000 : _seconds;
        Window = (ulong)random.Next(1, 3000);
        Batch = random.Next(3) == 0 ? 1 : random.Next(1, 500);
        IsCodeBroken = random.Next(40) == 0;
        if (random.Next(8) == 0)
        {
            int share = random.Next(1, 5);
            UnloadableOn.UnionWith(nodeNames.Where(_ => random.Next(4) < share));
        }

        bool pinned = random.Next(8) == 0;
        Count = pinned ? Math.Min(Count, 20) : Count;
        bool isHostile = random.Next(3) == 0;
        for (ulong index = 0; isHostile && index < Count; index += (ulong)random.Next(1, 400))
        {
            int harm = random.Next(12);
            if (harm == 0)
            {
                NodePoison.Add(index);
            }
            else if (harm < 5)
            {
                Poison.Add(index, Deaths[random.Next(Deaths.Length)]);
            }
            else if (harm < 8)
            {
                Hanging.Add(index, (uint)random.Next(1, 5));
            }
            else
            {
                Failing.Add(index);
            }
        }

        Terms = new JobTerms
        {
            Owner = owner,
            Priority = random.Next(-3, 4),
            ChunkSize = random.Next(4) == 0 ? random.Next(1, 100) : null,
            Speculate = !pinned && random.Next(3) == 0,
            StopOnError = random.Next(4) == 0,
            ExpectedCount = random.Next(2) == 0 ? Count : null,
            Requires = random.Next(4) == 0 ? new Dictionary<string, string> { ["disk"] = "ssd" } : new Dictionary<string, string>(),
            PinnedNodes = pinned ? [.. Enumerable.Range(0, (int)Count).Select(_ => nodeNames[random.Next(nodeNames.Count)])] : null,
            MaxTimeouts = random.Next(1, 4),
            NoNodesTimeout = TimeSpan.FromSeconds(random.Next(5, 30)),
        };
    }

    /// <summary>A job that has much to do, for any node, and does no harm.</summary>
    public static JobPlan Contending(Random random, ulong owner) => new(random, owner);

    private JobPlan(Random random, ulong owner)
    {
        IsContending = true;
        Count = (ulong)random.Next(300, 2500);
        _salt = random.Next();
        _seconds = _rareSeconds = 0.002 + (random.NextDouble() * 0.02);
        Window = Count;
        Batch = 500;
        Terms = new JobTerms { Owner = owner, Priority = random.Next(-1, 2), ExpectedCount = random.Next(2) == 0 ? Count : null };
    }

    public JobTerms Terms { get; }

    /// <summary>Its owner competes with others for all nodes.</summary>
    public bool IsContending { get; }

    public ulong Count { get; }

    /// <summary>How many unanswered items the client has at most.</summary>
    public ulong Window { get; }

    public int Batch { get; }

    /// <summary>No node can load the function.</summary>
    public bool IsCodeBroken { get; }

    /// <summary>Nodes that cannot get hold of the function's code.</summary>
    public HashSet<string> UnloadableOn { get; } = [];

    /// <summary>Items that kill every worker that touches them, and how it looks; null: now like this, now like that.</summary>
    public Dictionary<ulong, ChunkOutcome?> Poison { get; } = [];

    /// <summary>Items that do not end, and in how many attempts.</summary>
    public Dictionary<ulong, uint> Hanging { get; } = [];

    /// <summary>Items that take every node down that touches them.</summary>
    public HashSet<ulong> NodePoison { get; } = [];

    /// <summary>Items that throw.</summary>
    public HashSet<ulong> Failing { get; } = [];

    public bool IsHarmless(ulong index, uint tries) => !Poison.ContainsKey(index) && !NodePoison.Contains(index) && !Failing.Contains(index) && !Hangs(index, tries);

    public bool Hangs(ulong index, uint tries) => Hanging.TryGetValue(index, out uint times) && tries < times;

    public double SecondsOf(ulong index) => HashCode(index) % 50 == 0 ? _rareSeconds : _seconds;

    private uint HashCode(ulong index) => (uint)((((index + 1) * 2654435761) ^ (ulong)_salt) >> 7);
}
