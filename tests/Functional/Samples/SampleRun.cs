namespace Cluster.Functional.Samples;

/// <summary>How a sample program ended, and what it wrote.</summary>
public sealed record SampleRun(int ExitCode, string Output, string Error);
