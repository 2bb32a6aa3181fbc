namespace Cluster.Client.Connection;

/// <summary>A file that is to be sent cannot be read. Never reaches the user: whoever sends it knows what it is.</summary>
/// <param name="problem">What was seen.</param>
internal sealed class FileReadException(IOException problem) : Exception(problem.Message, problem);
