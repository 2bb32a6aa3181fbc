namespace Cluster.Interop.Guides;

/// <summary>A block of code in a guide.</summary>
/// <param name="Line">Where it begins, from 1.</param>
/// <param name="Lines">What is in it, without the indentation.</param>
/// <param name="NotRun">Why it is not run; null: it is.</param>
internal sealed record GuideBlock(int Line, IReadOnlyList<string> Lines, string? NotRun);
