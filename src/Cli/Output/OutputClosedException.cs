namespace Cluster.Cli.Output;

/// <summary>The reader of stdout has gone, as in <c>cluster map … | head</c>.</summary>
internal sealed class OutputClosedException(IOException innerException) : Exception("Nobody reads the results any more.", innerException);
