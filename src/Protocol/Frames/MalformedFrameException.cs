namespace Cluster.Protocol.Frames;

/// <summary>What came over a node–worker link is no frame, or ends in the middle of one. The link cannot be used any further.</summary>
/// <param name="message">What is wrong, with the numbers that do not fit.</param>
/// <param name="inner">The parser's own exception, where there is one.</param>
public sealed class MalformedFrameException(string message, Exception? inner = null) : Exception(message, inner);
