namespace Cluster.Coordinator.Lambdas;

/// <summary>Too many texts wait for a compiler already. The message is meant for the caller.</summary>
internal sealed class CompilersBusyException(string message) : Exception(message);
