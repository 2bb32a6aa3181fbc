namespace Cluster.Node.Session;

/// <summary>There is no session with the coordinator: it is not there, or not any more. Dialling again may help.</summary>
internal sealed class SessionLostException(string message, Exception? innerException = null) : Exception(message, innerException);
