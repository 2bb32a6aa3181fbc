namespace Cluster.Coordinator.Functions;

/// <summary>Where files are kept and how much of them is taken. The defaults are those for code.</summary>
internal sealed record CodeStoreOptions
{
    /// <summary>The folder of the files. It belongs to one coordinator and is created when the first file comes.</summary>
    public required string Directory { get; init; }

    /// <summary>The largest file that is taken, in bytes. Default: 256 MiB.</summary>
    public long MaxFileBytes { get; init; } = 256L << 20;

    /// <summary>How many bytes all files may have together. Default: 8 GiB.</summary>
    public long MaxTotalBytes { get; init; } = 8L << 30;

    /// <summary>What the names of files end with.</summary>
    public string Suffix { get; init; } = ".dll";

    /// <summary>For people: what the store is.</summary>
    public string Name { get; init; } = "code store";

    /// <summary>For people: what can be done when it is full.</summary>
    public string Remedy { get; init; } = "Remove old files from the coordinator's data directory and restart it, or raise the limit.";
}
