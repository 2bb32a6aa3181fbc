namespace Cluster.Coordinator.Lambdas;

/// <summary>A compiler has ended by itself. The message says how.</summary>
internal sealed class CompilerEndedException(string message, Exception? innerException = null) : Exception(message, innerException);
