using Grpc.Core;

namespace Cluster.Client.Connection;

/// <summary>The secret that every call shows to the coordinator.</summary>
internal static class Token
{
    private const string Variable = "CLUSTER_TOKEN";

    /// <summary>Finds the token: the option, the file, or the environment variable.</summary>
    /// <exception cref="ClusterException">The token file cannot be read.</exception>
    public static string? Find(ClusterClientOptions options)
    {
        var token = options.Token ?? (options.TokenFile is { } path ? Read(path) : Environment.GetEnvironmentVariable(Variable));
        return string.IsNullOrWhiteSpace(token) ? null : token.Trim();
    }

    /// <summary>The metadata that every call carries.</summary>
    public static Metadata Headers(string? token) => token is null ? [] : new Metadata { { "authorization", $"Bearer {token}" } };

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ClusterException(
                $"The token file {path} cannot be read: {exception.Message} Correct ClusterClientOptions.TokenFile, or set Token.",
                isTransient: false,
                exception);
        }
    }
}
