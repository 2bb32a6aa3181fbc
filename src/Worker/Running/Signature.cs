using System.Globalization;
using System.Text;
using System.Text.Json;
using Cluster.Protocol.Batches;
using Cluster.Protocol.Code;
using Cluster.Protocol.V1;
using Cluster.Worker.Code;
using Cluster.Worker.Errors;

namespace Cluster.Worker.Running;

/// <summary>A function as its caller knows it, to say which of its parameters an argument did not fit.</summary>
internal sealed class Signature(ResolvedFunction function, Arguments arguments)
{
    /// <summary>How much of an argument is shown.</summary>
    private const int MaxShown = 120;

    /// <summary>What to tell the caller about an item that could not become arguments.</summary>
    public ErrorInfo Explain(ItemDecodeException exception, Batch batch)
    {
        var parameters = function.Method.GetParameters();
        parameters = parameters[(parameters.Length - function.Parameters.Count - (function.TakesCancellationToken ? 1 : 0))..];
        var position = arguments == Arguments.Spread ? PositionOf(exception.InnerException) : 0;
        var what = position is { } known && known < function.Parameters.Count
            ? $"Parameter {parameters[known].Name} of {MethodNames.Describe(function.Method)} takes {MethodNames.Describe(function.Parameters[known])}"
            : $"{MethodNames.Describe(function.Method)} takes ({string.Join(", ", function.Parameters.Select(MethodNames.Describe))})";
        return ErrorConversion.Convert(
            ErrorKind.Argument,
            exception.InnerException ?? exception,
            $"{what}; item {exception.Index} is {Show(exception.Index, batch)}, which is not one: {exception.InnerException?.Message ?? exception.Message}");
    }

    /// <summary>Which element of the item's tuple the serializer stumbled over.</summary>
    internal static int? PositionOf(Exception? exception)
    {
        if (exception is not JsonException { Path: { } path } || !path.StartsWith("$[", StringComparison.Ordinal))
        {
            return null;
        }

        var end = path.IndexOf(']', StringComparison.Ordinal);
        return end > 0 && int.TryParse(path.AsSpan(2, end - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : null;
    }

    private static string Show(ulong index, Batch batch)
    {
        if (batch.FragmentTotal != 0)
        {
            return $"{batch.FragmentTotal} bytes of {batch.Format}";
        }

        var bytes = new BatchSlicer(batch).Slice(index, 1).Payload.Span;
        if (batch.Format != Format.Json)
        {
            return $"{bytes.Length} bytes of {batch.Format}";
        }

        var text = Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, MaxShown)]);
        return bytes.Length > MaxShown ? $"{text}…" : text;
    }
}
