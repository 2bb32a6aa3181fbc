namespace Cluster.Coordinator.Journal;

/// <summary>Something could not be written to the journal, and has not happened. It can be tried again: disks are emptied, volumes come back.</summary>
internal sealed class JournalWriteException(string message, Exception? inner = null) : Exception(message, inner);
