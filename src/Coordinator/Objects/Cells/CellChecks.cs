using Cluster.Coordinator.Objects.Memory;
using Cluster.Coordinator.Objects.Requests;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Objects.Cells;

/// <summary>Whether a value or an array can be made.</summary>
internal static class CellChecks
{
    public static ObjectReply? Check(ObjectOpen open, ObjectLimits limits)
    {
        var options = open.Cells ?? new CellOptions();
        var length = open.Kind == ObjectKind.Value ? 1 : options.Length;
        if (length == 0)
        {
            return Refuse.Invalid("An array needs at least 1 cell (`cells.length`).");
        }

        if (length > limits.Cells)
        {
            return Refuse.TooLarge("Cells of the array", nameof(ObjectLimits.Cells), limits.Cells, length);
        }

        if (options.Numeric is < NumericType.Unspecified or > NumericType.Float64)
        {
            return Refuse.Invalid($"The number type {(int)options.Numeric} is none that this coordinator knows.");
        }

        if (options.Numeric == NumericType.Unspecified)
        {
            return options.Initial.Count is 0 or 1 || options.Initial.Count == length
                ? Values.Check(options.Initial, limits)
                : Refuse.Invalid($"{options.Initial.Count} initial values do not fill {length} cells: give none, one for all, or one for each.");
        }

        var width = Numbers.Width(options.Numeric);
        return options.Initial.Count switch
        {
            0 => null,
            1 when options.Initial[0].Format == Format.Raw && (options.Initial[0].Data.Length == width || options.Initial[0].Data.Length == width * length) => null,
            1 => Refuse.With(
                ObjectErrorCode.WrongType,
                $"The initial value has to be FORMAT_RAW with {width} bytes for all cells, or with {width * length} for one after another; it is {options.Initial[0].Format} with {options.Initial[0].Data.Length}."),
            _ => Refuse.Invalid("The initial values of a number type go back to back into one payload."),
        };
    }

    /// <summary>What the cells of one that was checked take.</summary>
    public static long Weigh(ObjectOpen open)
    {
        var length = open.Kind == ObjectKind.Value ? 1L : open.Cells.Length;
        return open.Cells is { Numeric: not NumericType.Unspecified } numbers ? length * Numbers.Width(numbers.Numeric)
            : (length * Weight.Slot) + (open.Cells?.Initial.Count == 1 ? length * Weight.Of(open.Cells.Initial[0]) : Weight.Of(open.Cells?.Initial ?? []));
    }
}
