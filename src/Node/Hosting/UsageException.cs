namespace Cluster.Node.Hosting;

/// <summary>The command line makes no sense; the message says what is wrong with it.</summary>
internal sealed class UsageException(string message) : Exception(message);
