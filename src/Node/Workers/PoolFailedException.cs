namespace Cluster.Node.Workers;

/// <summary>No worker can be started here; the message says what was tried and what the workers said.</summary>
internal sealed class PoolFailedException(string message, Exception? innerException = null) : Exception(message, innerException);
