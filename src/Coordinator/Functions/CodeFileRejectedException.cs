namespace Cluster.Coordinator.Functions;

/// <summary>An uploaded file is not what it was said to be, or more than the store takes. The message is meant for the uploader.</summary>
internal sealed class CodeFileRejectedException(string message) : Exception(message);
