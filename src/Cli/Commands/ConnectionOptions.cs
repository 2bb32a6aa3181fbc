using System.CommandLine;
using Cluster.Client;

namespace Cluster.Cli.Commands;

/// <summary>The options that say which cluster is meant, the same on every command that talks to one.</summary>
internal sealed class ConnectionOptions
{
    public const string DefaultAddress = "http://127.0.0.1:7070";
    public const string AddressVariable = "CLUSTER_ADDRESS";

    /// <summary>Those of the commands that need a cluster which is there.</summary>
    public static readonly ConnectionOptions Usual = new(DefaultAddress);

    private readonly Option<string?> _address;

    private readonly Option<string?> _tokenFile = TokenFileOption();

    private readonly Option<string?> _tlsAuthority = Pem("--tls-ca", "The authorities that may have issued the coordinator's certificate. Default: those that the system trusts.");

    private readonly Option<string?> _tlsCertificate = Pem("--tls-certificate", "The certificate to show to a coordinator that asks for one. Default: none.");

    private readonly Option<string?> _tlsKey = Pem("--tls-key", "The private key of --tls-certificate, without a password. Default: it is in the certificate's file too.");

    /// <param name="withoutAddress">What happens where no address is given, for the help text.</param>
    /// <param name="hasShortName">Whether <c>-a</c> is the address; not where it is something else already.</param>
    public ConnectionOptions(string withoutAddress, bool hasShortName = true)
    {
        _address = new("--address", hasShortName ? ["-a"] : [])
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
        command.Options.Add(_tlsAuthority);
        command.Options.Add(_tlsCertificate);
        command.Options.Add(_tlsKey);
    }

    /// <summary>The address that the user has given; null where there is none.</summary>
    public string? Address(ParseResult result) =>
        result.GetValue(_address) ?? (Environment.GetEnvironmentVariable(AddressVariable) is { Length: > 0 } address ? address : null);

    /// <summary>Connects to the address that the user has given, or to the default one.</summary>
    /// <exception cref="UsageException">The address is none, or options of TLS go with one that has none.</exception>
    /// <exception cref="ClusterUnavailableException">There is no coordinator.</exception>
    public Task<ClusterClient> ConnectAsync(ParseResult result, CancellationToken cancellationToken) =>
        ConnectAsync(Address(result) ?? DefaultAddress, result, cancellationToken);

    /// <exception cref="UsageException">The address is none, or options of TLS go with one that has none.</exception>
    /// <exception cref="ClusterUnavailableException">There is no coordinator.</exception>
    public async Task<ClusterClient> ConnectAsync(string address, ParseResult result, CancellationToken cancellationToken)
    {
        try
        {
            return await ClusterClient.ConnectAsync(address, ClientOptions(result), cancellationToken);
        }
        catch (ArgumentException e) when (e.InnerException is FormatException format)
        {
            throw new UsageException(format.Message, e);
        }
    }

    /// <exception cref="UsageException">Options of TLS go with an address that has none.</exception>
    public ClusterClientOptions ClientOptions(ParseResult result)
    {
        var options = new ClusterClientOptions
        {
            TokenFile = result.GetValue(_tokenFile),
            CertificateAuthorityFile = result.GetValue(_tlsAuthority),
            ClientCertificateFile = result.GetValue(_tlsCertificate),
            ClientKeyFile = result.GetValue(_tlsKey),
        };
        if (options.ClientKeyFile is not null && options.ClientCertificateFile is null)
        {
            throw new UsageException("--tls-key goes with --tls-certificate.");
        }

        var isSecure = Address(result)?.StartsWith("https:", StringComparison.OrdinalIgnoreCase) == true;
        return isSecure || (options.CertificateAuthorityFile ?? options.ClientCertificateFile ?? options.ClientKeyFile) is null
            ? options
            : throw new UsageException("--tls-ca, --tls-certificate and --tls-key are for https:// addresses; this one would not be protected.");
    }

    private static Option<string?> Pem(string name, string description) => new(name) { Description = $"{description} PEM; for https:// addresses.", HelpName = "FILE" };
}
