namespace Cluster.Coordinator.Functions;

/// <summary>Where code is kept and how much of it is taken.</summary>
internal sealed record CodeStoreOptions
{
    /// <summary>The folder of the files. It belongs to one coordinator and is created when the first file comes.</summary>
    public required string Directory { get; init; }

    /// <summary>The largest file that is taken, in bytes. Default: 256 MiB.</summary>
    public long MaxFileBytes { get; init; } = 256L << 20;

    /// <summary>How many bytes all files may have together. Default: 8 GiB.</summary>
    public long MaxTotalBytes { get; init; } = 8L << 30;
}
