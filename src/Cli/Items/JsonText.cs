using System.Globalization;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;

namespace Cluster.Cli.Items;

/// <summary>Keys and values of dictionaries on the command line: JSON where they parse as JSON, else text.</summary>
internal static class JsonText
{
    public const string Help = "JSON where it parses as JSON, else text: 7 is a number, '\"7\"' and seven are text.";

    // Deeper ones are refused by the coordinator, which says so.
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1000 };

    /// <exception cref="UsageException">It is a number, or has one in it, that the coordinator would not keep as it is; or text that is no Unicode.</exception>
    public static Value Parse(string text)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text, Deep);
        }
        catch (JsonException)
        {
            return Value.ForString(text);
        }

        using (document)
        {
            return ToValue(document.RootElement);
        }
    }

    private static Value ToValue(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => Value.ForString(Text(element)),
        JsonValueKind.Number => Value.ForNumber(Number(element)),
        JsonValueKind.True => Value.ForBool(true),
        JsonValueKind.False => Value.ForBool(false),
        JsonValueKind.Array => Value.ForList([.. element.EnumerateArray().Select(ToValue)]),
        JsonValueKind.Object => Value.ForStruct(ToStruct(element)),
        _ => Value.ForNull(),
    };

    private static Struct ToStruct(JsonElement element)
    {
        var fields = new Struct();
        foreach (var property in element.EnumerateObject())
        {
            fields.Fields[property.Name] = ToValue(property.Value);
        }

        return fields;
    }

    private static string Text(JsonElement element)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new UsageException($"{element.GetRawText()} is no text: half of a surrogate pair stands alone in it.", e);
        }
    }

    private static double Number(JsonElement element)
    {
        var number = element.GetDouble();
        var isExact = double.IsFinite(number)
            && (!decimal.TryParse(element.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) || !decimal.IsInteger(exact) || IsSame(exact, number));
        return isExact
            ? number
            : throw new UsageException($"{element.GetRawText()} is more than a JSON number keeps exactly: the 53 bits of a double. As text it stays as it is: '\"{element.GetRawText()}\"'.");
    }

    // Conversions between the two round; beyond 2^53 the digits tell.
    private static bool IsSame(decimal exact, double number) =>
        Math.Abs(exact) <= 1L << 53 || exact.ToString("0", CultureInfo.InvariantCulture) == new System.Numerics.BigInteger(number).ToString(CultureInfo.InvariantCulture);
}
