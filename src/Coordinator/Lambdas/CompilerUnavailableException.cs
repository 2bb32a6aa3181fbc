namespace Cluster.Coordinator.Lambdas;

/// <summary>There is no compiler, or it does not start: nothing that has to do with a text. The message is meant for whoever runs the coordinator.</summary>
internal sealed class CompilerUnavailableException(string message, Exception innerException) : Exception(message, innerException);
