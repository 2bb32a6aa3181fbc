using System.Text;
using System.Text.Json;

namespace Cluster.Interop.Guides;

/// <summary>Compares what a guide shows with what came. JSON may be set on other lines; in text the width of gaps does not count. A line or a text that ends with … goes on; where it begins with a line …
/// something came before.</summary>
/// <param name="renamed">What is another text each time.</param>
internal sealed class ShownOutput(Renamed renamed)
{
    private const string More = "…";
    private const string Error = "ERROR:\n";

    // They depend on the moment and on the machine.
    private static readonly string[] Fluent = ["workerPid", "seconds", "pid", "incarnation"];

    /// <summary>Whether a guide shows what came: on stdout, or there and on stderr, line by line as the reader's terminal may have mixed them.</summary>
    /// <param name="shown">What the guide shows.</param>
    /// <param name="output">What came on stdout.</param>
    /// <param name="errors">What came on stderr.</param>
    /// <param name="failed">Whether the command failed: then what came on stderr has to be shown.</param>
    /// <param name="renamed">What is another text each time.</param>
    public static bool Fits(string shown, string output, string errors, bool failed, Renamed renamed) =>
        (!failed && renamed.Try(attempt => new ShownOutput(attempt).IsSame(shown, output)))
        || renamed.Try(attempt => new ShownOutput(attempt).IsSame(shown, $"{output}\n{errors}"))
        || renamed.Try(attempt => new ShownOutput(attempt).IsMixed(shown.Split('\n'), Lines(output), Lines(errors)));

    /// <summary>Whether they are the same.</summary>
    public bool IsSame(string shown, string actual)
    {
        // A stream that ends with an error: documents, and then words.
        var (at, otherAt) = (shown.IndexOf(Error, StringComparison.Ordinal), actual.IndexOf(Error, StringComparison.Ordinal));
        if (at > 0 && otherAt > 0)
        {
            return IsSame(shown[..at].Trim('\n'), actual[..otherAt]) && IsSame(shown[at..], actual[otherAt..]);
        }

        var isEnd = shown.StartsWith(More + '\n', StringComparison.Ordinal);
        var (rest, came) = (isEnd ? shown[(More.Length + 1)..] : shown, actual.Trim('\n'));
        if (TryReadJson(rest) is { } documents && TryReadJson(came) is { } others)
        {
            others = isEnd ? [.. others.TakeLast(documents.Count)] : others;
            return documents.Count == others.Count && documents.Zip(others).All(pair => IsSame(pair.First, pair.Second));
        }

        var (lines, otherLines) = (rest.Split('\n'), came.Split('\n'));
        return IsSame(lines, isEnd ? [.. otherLines.TakeLast(lines.Length)] : otherLines);
    }

    private static string[] Lines(string text) => text.Length == 0 ? [] : text.Split('\n');

    private bool IsMixed(string[] shown, ReadOnlySpan<string> output, ReadOnlySpan<string> errors)
    {
        foreach (var line in shown)
        {
            if (output.Length > 0 && IsSameLine(line, output[0]))
            {
                output = output[1..];
            }
            else if (errors.Length > 0 && IsSameLine(line, errors[0]))
            {
                errors = errors[1..];
            }
            else
            {
                return false;
            }
        }

        return output.Length == 0 && errors.Length == 0;
    }

    private bool IsSame(string[] shown, string[] actual)
    {
        if (shown is [.. var first, More])
        {
            return actual.Length >= first.Length && IsSame(first, actual[..first.Length]);
        }

        return shown.Length == actual.Length && shown.Zip(actual).All(pair => IsSameLine(pair.First, pair.Second));
    }

    private bool IsSameLine(string shown, string actual)
    {
        var (wanted, came) = (Words(shown), Words(actual));
        if (wanted is [.. var first, More])
        {
            return came.Length >= first.Length && first.Zip(came).All(pair => renamed.IsSame(pair.First, pair.Second));
        }

        return wanted.Length == came.Length && wanted.Zip(came).All(pair => renamed.IsSame(pair.First, pair.Second));
    }

    private bool IsSame(JsonElement shown, JsonElement actual)
    {
        if (shown.ValueKind != actual.ValueKind)
        {
            return false;
        }

        return shown.ValueKind switch
        {
            JsonValueKind.Object => shown.EnumerateObject().Select(static property => property.Name).Order(StringComparer.Ordinal)
                    .SequenceEqual(actual.EnumerateObject().Select(static property => property.Name).Order(StringComparer.Ordinal))
                && shown.EnumerateObject().All(property => Fluent.Contains(property.Name) || IsSame(property.Value, actual.GetProperty(property.Name))),
            JsonValueKind.Array => shown.GetArrayLength() == actual.GetArrayLength() && shown.EnumerateArray().Zip(actual.EnumerateArray()).All(pair => IsSame(pair.First, pair.Second)),
            JsonValueKind.String when shown.GetString()!.EndsWith(More, StringComparison.Ordinal) => actual.GetString()!.StartsWith(shown.GetString()![..^More.Length], StringComparison.Ordinal),
            JsonValueKind.String => renamed.IsSame(shown.GetString()!, actual.GetString()!),
            _ => shown.GetRawText() == actual.GetRawText(),
        };
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The documents of a text that has nothing else than objects and arrays.</summary>
    private static List<JsonElement>? TryReadJson(string text)
    {
        if (!text.TrimStart().StartsWith('{') && !text.TrimStart().StartsWith('['))
        {
            return null;
        }

        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), new JsonReaderOptions { AllowMultipleValues = true });
        List<JsonElement> documents = [];
        try
        {
            while (reader.Read())
            {
                documents.Add(JsonElement.ParseValue(ref reader));
            }
        }
        catch (JsonException)
        {
            return null;
        }

        return documents;
    }
}
