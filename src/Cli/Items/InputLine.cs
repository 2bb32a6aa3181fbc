namespace Cluster.Cli.Items;

/// <summary>A line of input.</summary>
/// <param name="Text">The line, without its break.</param>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Source">Where it comes from, for messages: a file's name, <c>stdin</c>, or <c>argument</c>.</param>
internal readonly record struct InputLine(string Text, long Number, string Source)
{
    public override string ToString() => Source == ItemSource.Arguments ? $"argument {Number}" : $"line {Number} of {Source}";
}
