namespace Cluster.Cli;

/// <summary>What the user asked for is not there. Ends with <see cref="ExitCodes.Missing"/>.</summary>
internal sealed class MissingEntryException(string message, Exception? innerException = null) : Exception(message, innerException);
