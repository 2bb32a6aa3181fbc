using Grpc.Core;

namespace Cluster.Client.Connection;

/// <summary>The secret that every call shows to the coordinator.</summary>
internal static class Token
{
    private const string Variable = "CLUSTER_TOKEN";

    /// <summary>Finds the token: the option, the file, or the environment variable.</summary>
    /// <exception cref="ClusterException">The token file cannot be read, or has several tokens.</exception>
    public static string? Find(ClusterClientOptions options)
    {
        var token = options.Token ?? (options.TokenFile is { } path ? Read(path) : Environment.GetEnvironmentVariable(Variable));
        token = token?.Trim();
        return string.IsNullOrEmpty(token) ? null
            : !token.Any(char.IsWhiteSpace) ? token
            : throw new ClusterException(
                $"{(options.Token is null && options.TokenFile is { } file ? $"The token file {file}" : "The token")} has more than one word. If it is the coordinator's list of tokens, give clients one of its secrets alone.", isTransient: false);
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
