namespace Cluster.Cli.Top;

/// <summary>What a line is, as far as its colour is concerned.</summary>
internal enum TopStyle
{
    Plain,
    Heading,
    Warning,
    Problem,
}
