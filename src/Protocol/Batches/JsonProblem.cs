using System.Text.Json;

namespace Cluster.Protocol.Batches;

/// <summary>Says for people why a value cannot be written as JSON.</summary>
public static class JsonProblem
{
    private const string Path = " Path: $";
    private const int MostOfPath = 120;

    /// <summary>Describes what the serializer, or a property of the value, threw.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <returns>The rest of a sentence, without a full stop.</returns>
    public static string Describe(Exception exception)
    {
        var message = exception.Message.TrimEnd('.');
        var at = exception is JsonException or NotSupportedException ? message.LastIndexOf(Path, StringComparison.Ordinal) : -1;
        if (at < 0)
        {
            return message;
        }

        var path = message[(at + Path.Length)..].TrimStart('.');
        path = path.Length <= MostOfPath ? path : path[..MostOfPath] + "…";

        // The serializer wraps a refusal in a sentence of its own, in which only the path is news.
        return exception.InnerException is not NotSupportedException refusal ? $"{message[..at]}{Path}.{path}"
            : path.Length == 0 ? refusal.Message
            : $"at {path}, {refusal.Message}";
    }
}
