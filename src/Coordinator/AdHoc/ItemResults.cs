using System.Globalization;
using System.Text.Json;
using Cluster.Protocol;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.AdHoc;

/// <summary>Writes answers as people read them.</summary>
/// <param name="signature">What the function takes, for those whose item it does not take.</param>
internal sealed class ItemResults(string signature)
{
    // Room for what is around it.
    private const int MaxBytes = Limits.MaxMessageBytes - 64;

    /// <summary>An answer as a message. What cannot be said in one is an error.</summary>
    public ItemResult Of(in Answer answer)
    {
        var result = new ItemResult();
        if (answer.Error is not null)
        {
            result.Error = Explain(answer.Error);
            return result;
        }

        try
        {
            result.Value = ValueJson.Read(answer.Json.Span);
        }
        catch (JsonException exception)
        {
            result.Error = AnswerDecoder.Untellable(exception.Message);
            return result;
        }

        if (result.CalculateSize() is var size and > MaxBytes)
        {
            result = new ItemResult
            {
                Error = AnswerDecoder.Untellable(string.Create(CultureInfo.InvariantCulture, $"it takes {size} bytes, and a message has {MaxBytes} at most. Have the function return less.")),
            };
        }

        return result;
    }

    /// <summary>The same for a stream, where the index tells the item.</summary>
    public ItemResult Indexed(in Answer answer)
    {
        var result = Of(answer);
        result.Index = answer.Index;
        return result;
    }

    // Where an argument did not fit, the stack is that of the serializer, and news to nobody.
    private ErrorInfo Explain(ErrorInfo error) => error.Kind != ErrorKind.Argument
        ? error
        : new ErrorInfo(error) { Message = $"{signature}: {error.Message}", Type = "", Assembly = "", Stack = "", Inner = null };
}
