namespace Cluster.Protocol.Batches;

/// <summary>A batch breaks the rules of its format: its fields contradict each other or the bytes that came with it.</summary>
/// <param name="message">What is wrong, with the numbers that do not fit.</param>
public sealed class MalformedBatchException(string message) : Exception(message);
