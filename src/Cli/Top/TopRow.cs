namespace Cluster.Cli.Top;

/// <summary>A line of <c>cluster top</c>.</summary>
internal readonly record struct TopRow(string Text, TopStyle Style = TopStyle.Plain);
