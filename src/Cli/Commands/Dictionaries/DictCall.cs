using System.CommandLine;
using Cluster.Cli.Items;
using Cluster.Cli.Output;
using Cluster.Client.Connection;
using Cluster.Protocol.V1;
using Grpc.Core;
using Value = Google.Protobuf.WellKnownTypes.Value;

namespace Cluster.Cli.Commands.Dictionaries;

/// <summary>What the commands under <c>cluster dict</c> have in common.</summary>
/// <param name="Connection">The way to the coordinator.</param>
/// <param name="Name">Which dictionary it is about.</param>
/// <param name="Options">For every call.</param>
internal sealed record DictCall(ClusterConnection Connection, string Name, CallOptions Options)
{
    private static readonly Argument<string> NameArgument = new("name") { Description = "The dictionary's name; cluster objects lists them.", HelpName = "NAME" };

    public static Argument<string> Key { get; } = new("key") { Description = $"The key. {JsonText.Help}", HelpName = "KEY" };

    /// <summary>The service that is asked.</summary>
    public Dict.DictClient Service => Connection.Dictionaries;

    /// <summary>Where the results go.</summary>
    public ResultWriter Output { get; } = new(StandardOutput.Open(), new StatusLine(null));

    /// <summary>Makes a command that asks a dictionary.</summary>
    public static Command Command(string name, string description, Func<ParseResult, DictCall, Task<int>> run, params ReadOnlySpan<Symbol> symbols) =>
        ServiceCall.Command(name, description, (result, call) => run(result, new DictCall(call.Connection, result.GetRequiredValue(NameArgument), call.Options)), [NameArgument, .. symbols]);

    /// <summary>The key that the user has given.</summary>
    public static Value KeyOf(ParseResult result) => JsonText.Parse(result.GetRequiredValue(Key));

    /// <summary>Prints a line.</summary>
    public int Print(byte[] line, int exitCode = ExitCodes.Success)
    {
        Output.Write(line);
        Output.Flush();
        return exitCode;
    }
}
