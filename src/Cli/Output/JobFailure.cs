namespace Cluster.Cli.Output;

/// <summary>Items of a job that failed alike.</summary>
/// <param name="Message">With which message.</param>
/// <param name="Count">How many.</param>
/// <param name="First">The first of them.</param>
internal sealed record JobFailure(string Message, int Count, ulong First);
