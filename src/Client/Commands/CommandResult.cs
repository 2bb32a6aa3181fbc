namespace Cluster.Client;

/// <summary>How a program ended, and what it wrote.</summary>
/// <param name="ExitCode">Its exit code; −<i>signal</i> where a signal ended it.</param>
/// <param name="Output">What it wrote to its stdout.</param>
/// <param name="Error">What it wrote to its stderr.</param>
/// <param name="Elapsed">How long it ran.</param>
/// <param name="Node">Where.</param>
public sealed record CommandResult(int ExitCode, byte[] Output, byte[] Error, TimeSpan Elapsed, string Node);
