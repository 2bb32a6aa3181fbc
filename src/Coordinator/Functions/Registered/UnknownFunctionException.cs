namespace Cluster.Coordinator.Functions.Registered;

/// <summary>There is no function, set or version of that name. The message is meant for the caller.</summary>
internal sealed class UnknownFunctionException(string message) : Exception(message);
