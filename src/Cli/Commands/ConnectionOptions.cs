using System.CommandLine;
using Cluster.Client;

namespace Cluster.Cli.Commands;

/// <summary>The options that say which cluster is meant, the same on every command that talks to one.</summary>
internal sealed class ConnectionOptions
{
    public const string DefaultAddress = "http://127.0.0.1:7070";
    private const string AddressVariable = "CLUSTER_ADDRESS";

    private readonly Option<string?> _address;

    private readonly Option<string?> _tokenFile = TokenFileOption();

    /// <param name="withoutAddress">What happens where no address is given, for the help text.</param>
    public ConnectionOptions(string withoutAddress)
    {
        _address = new("--address", "-a")
        {
            Description = $"The coordinator: http://host:port, https://host:port or unix:/path. Default: the environment variable {AddressVariable}, else {withoutAddress}.",
            HelpName = "ADDRESS",
        };
    }

    public static Option<string?> TokenFileOption() => new("--token-file")
    {
        Description = "File with the cluster's token. Default: the environment variable CLUSTER_TOKEN, else no token.",
        HelpName = "FILE",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_address);
        command.Options.Add(_tokenFile);
    }

    /// <summary>The address that the user has given; null where there is none.</summary>
    public string? Address(ParseResult result) =>
        result.GetValue(_address) ?? (Environment.GetEnvironmentVariable(AddressVariable) is { Length: > 0 } address ? address : null);

    public ClusterClientOptions ClientOptions(ParseResult result) => new() { TokenFile = result.GetValue(_tokenFile) };
}
