namespace Cluster.Cli;

/// <summary>The user asked for something that makes no sense; the message says what does. Ends with <see cref="ExitCodes.Usage"/>.</summary>
internal sealed class UsageException(string message, Exception? innerException = null) : Exception(message, innerException);
