using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Objects.Requests;

/// <summary>What the coordinator asks of values, which it does not look into.</summary>
internal static class Values
{
    /// <summary>Null if the value can be kept; else why not.</summary>
    public static ObjectReply? Check(Payload? value, string what, ObjectLimits limits)
    {
        if (value is null || value.Format is < Format.Raw or > Format.Json)
        {
            return Refuse.Invalid(value is null
                ? $"The {what} is missing."
                : $"The {what} has the format {value.Format}, which this coordinator does not know. Text is FORMAT_UTF8, most other things are FORMAT_JSON.");
        }

        return value.Data.Length > limits.ValueBytes
            ? Refuse.TooLarge($"Bytes in the {what}", nameof(ObjectLimits.ValueBytes), limits.ValueBytes, value.Data.Length)
            : null;
    }

    /// <summary>Null if all values can be kept; else why not.</summary>
    public static ObjectReply? Check(IReadOnlyList<Payload> values, ObjectLimits limits)
    {
        for (var i = 0; i < values.Count; i++)
        {
            if (Check(values[i], values.Count == 1 ? "value" : $"value at position {i}", limits) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    /// <summary>Roughly what a value takes in a message.</summary>
    public static int Size(Payload? value) => value is null ? 0 : value.Data.Length + 12;
}
