using System.CommandLine;
using Cluster.Cli.Commands.Dictionaries;

namespace Cluster.Cli.Commands;

/// <summary><c>cluster dict</c>: reads and writes shared dictionaries.</summary>
internal static class DictCommand
{
    public static Command Create() => new(
        "dict",
        "Read, write and watch a shared dictionary. Results are lines of JSON on stdout. Keys and values are JSON where they parse as JSON, else text; "
        + "put -- before those that begin with a dash.")
    {
        DictGetCommand.Create(),
        DictSetCommand.Create(),
        DictDeleteCommand.Create(),
        DictListCommand.Create(),
        DictWatchCommand.Create(),
        DictIncrementCommand.Create(),
    };
}
