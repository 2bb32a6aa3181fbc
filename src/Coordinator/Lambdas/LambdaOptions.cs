namespace Cluster.Coordinator.Lambdas;

/// <summary>How lambdas that come as text are compiled, and what it may cost.</summary>
internal sealed record LambdaOptions
{
    /// <summary>The longest text, in bytes of UTF-8. Default: 64 KiB.</summary>
    public int MaxTextBytes { get; init; } = 64 << 10;

    /// <summary>How long a text may take to compile; then its compiler is ended. Default: 10 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a compiler may take to start. Default: 60 s.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many texts are compiled at once, each by a process. Default: 2.</summary>
    public int MaxCompilers { get; init; } = 2;

    /// <summary>How many texts may wait for a compiler; beyond, they are refused. Default: 64.</summary>
    public int MaxWaiting { get; init; } = 64;

    /// <summary>How long a compiler without work stays. Default: 1 min.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How much memory a compiler may allocate, in bytes. Default: 384 MiB.</summary>
    public long MaxHeapBytes { get; init; } = 384L << 20;

    /// <summary>How many texts are remembered with what came of them. Default: 1024.</summary>
    public int MaxRemembered { get; init; } = 1024;

    /// <summary>How long a text is remembered at least after it was asked for, however many others there are: between its compilation and its job. Default: 1 min.</summary>
    public TimeSpan RememberAtLeast { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How many bytes the assemblies may have together, on the disk; beyond, texts are refused. Default: 256 MiB.</summary>
    public long MaxStoredBytes { get; init; } = 256L << 20;
}
