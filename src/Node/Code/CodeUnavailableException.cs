namespace Cluster.Node.Code;

/// <summary>A file of a job's code cannot be had; the message names it and says why.</summary>
internal sealed class CodeUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);
