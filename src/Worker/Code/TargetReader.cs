using System.Reflection;
using System.Text.Json;
using Cluster.Protocol.Code;

namespace Cluster.Worker.Code;

/// <summary>Rebuilds the objects that a method is called on, from what its delegates captured. Thread-safe.</summary>
internal sealed class TargetReader(CodeContext context, MethodFinder methods, MethodInfo method)
{
    private static readonly JsonDocumentOptions Limits = new() { MaxDepth = CaptureJson.MaxDepth };

    /// <summary>Rebuilds one.</summary>
    /// <param name="captures">A document as <see cref="CaptureFormat"/> describes it; empty where nothing was captured.</param>
    /// <exception cref="CodeException">The captured values do not fit the code.</exception>
    public object? Read(ReadOnlyMemory<byte> captures)
    {
        try
        {
            if (captures.IsEmpty)
            {
                return new CaptureReader(context, methods).ReadTarget(null, method);
            }

            using var document = JsonDocument.Parse(captures, Limits);
            return new CaptureReader(context, methods).ReadTarget(document.RootElement, method);
        }
        catch (Exception exception) when (IsCaptureFailure(exception))
        {
            throw new CodeException(
                $"The values that {method.DeclaringType?.FullName}.{method.Name} captured cannot be rebuilt: {exception.Message}", exception);
        }
    }

    private static bool IsCaptureFailure(Exception exception) =>
        exception is JsonException or NotSupportedException or InvalidOperationException or KeyNotFoundException
        or MissingFieldException or FormatException;
}
