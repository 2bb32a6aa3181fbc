using Cluster.Protocol.V1;

namespace Cluster.Client.Functions;

/// <summary>A file of a function's code.</summary>
/// <param name="File">What it is.</param>
/// <param name="Path">Where it is on this machine.</param>
internal sealed record LocalCodeFile(CodeFile File, string Path);
