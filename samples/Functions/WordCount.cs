namespace Cluster.Samples.Functions;

/// <summary>How many words a text has.</summary>
/// <param name="Total">All of them.</param>
/// <param name="ByWord">How often each occurs.</param>
public sealed record WordCount(int Total, Dictionary<string, int> ByWord);
