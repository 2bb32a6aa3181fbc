using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Cluster.Coordinator.Objects.Requests;
using Cluster.Protocol.V1;
using Google.Protobuf;

namespace Cluster.Coordinator.Objects.Dictionaries;

/// <summary>JSON numbers that are added to.</summary>
internal static class DictNumber
{
    /// <summary>Adds to a number.</summary>
    /// <param name="value">The number; null is 0.</param>
    /// <param name="increment">What to add.</param>
    /// <returns>The sum as a <c>value</c>, or a refusal.</returns>
    public static ObjectReply Add(Payload? value, DictIncrement increment)
    {
        long whole = 0;
        double real = 0;
        var isWhole = true;
        if (value is not null && !TryRead(value, out isWhole, out whole, out real))
        {
            return Refuse.With(
                ObjectErrorCode.NotANumber,
                $"The entry cannot be added to: it is {Describe(value)}, and only JSON numbers can. Numbers that are counted with have to be written as FORMAT_JSON.");
        }

        if (isWhole && increment.ByCase != DictIncrement.ByOneofCase.Floating)
        {
            var by = increment.ByCase == DictIncrement.ByOneofCase.None ? 1 : increment.Integer;
            var sum = unchecked(whole + by);
            return ((whole ^ sum) & (by ^ sum)) < 0
                ? Refuse.With(ObjectErrorCode.Overflow, $"{whole} + {by} does not fit 64 bits. The entry is unchanged.")
                : Answer.Value(Json(sum.ToString(CultureInfo.InvariantCulture)));
        }

        var floating = (isWhole ? whole : real) + (increment.ByCase == DictIncrement.ByOneofCase.Floating ? increment.Floating
            : increment.ByCase == DictIncrement.ByOneofCase.None ? 1 : increment.Integer);
        return double.IsFinite(floating)
            ? Answer.Value(Json(floating.ToString("R", CultureInfo.InvariantCulture)))
            : Refuse.With(ObjectErrorCode.Overflow, "The sum is not a finite number, which JSON cannot say. The entry is unchanged.");
    }

    private static Payload Json(string number) => new() { Format = Format.Json, Data = ByteString.CopyFromUtf8(number) };

    private static bool TryRead(Payload value, out bool isWhole, out long whole, out double real)
    {
        real = 0;
        var data = value.Data.Span;
        isWhole = value.Format == Format.Json & Utf8Parser.TryParse(data, out whole, out int length) && length == data.Length;
        if (isWhole)
        {
            return true;
        }

        if (value.Format != Format.Json)
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(data);
            return reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out real) && double.IsFinite(real) && !reader.Read();
        }
        catch (JsonException)
        {
            // Not even JSON: no number either.
            return false;
        }
    }

    private static string Describe(Payload value) => value.Format switch
    {
        Format.Json when value.Data.Length <= 40 => $"the JSON {value.Data.ToStringUtf8()}",
        Format.Json => $"JSON of {value.Data.Length} bytes",
        Format.Utf8 => $"text of {value.Data.Length} bytes",
        _ => $"{value.Data.Length} bytes of the format {value.Format}",
    };
}
