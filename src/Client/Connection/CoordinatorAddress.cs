namespace Cluster.Client.Connection;

/// <summary>Where a coordinator listens.</summary>
/// <param name="Text">As the user wrote it, for messages.</param>
/// <param name="Uri">What the gRPC channel is made for; a stand-in for Unix sockets.</param>
/// <param name="SocketPath">Path of the Unix socket; null for TCP.</param>
internal sealed record CoordinatorAddress(string Text, Uri Uri, string? SocketPath)
{
    public bool IsTls => Uri.Scheme == Uri.UriSchemeHttps;

    /// <summary>Reads <c>http://host:port</c>, <c>https://host:port</c> or <c>unix:/path</c>.</summary>
    /// <exception cref="ArgumentException">It is none of these.</exception>
    public static CoordinatorAddress Parse(string address)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(address);
        if (address.StartsWith("unix:", StringComparison.Ordinal))
        {
            var path = address["unix:".Length..];
            path = path.StartsWith("//", StringComparison.Ordinal) ? path[2..] : path;
            if (path.Length > 0)
            {
                return new CoordinatorAddress(address, new Uri("http://localhost"), path);
            }
        }
        else if (Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Host.Length > 0
            && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps))
        {
            return new CoordinatorAddress(address, uri, SocketPath: null);
        }

        throw new ArgumentException(
            $"'{address}' is no address of a coordinator. Write http://host:port, https://host:port or unix:/path/to.sock, such as http://127.0.0.1:7070.",
            nameof(address));
    }
}
