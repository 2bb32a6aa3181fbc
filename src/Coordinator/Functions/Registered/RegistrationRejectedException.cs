namespace Cluster.Coordinator.Functions.Registered;

/// <summary>Functions cannot be registered as they are. The message is meant for whoever wanted to.</summary>
internal sealed class RegistrationRejectedException(string message, Exception? innerException = null) : Exception(message, innerException);
