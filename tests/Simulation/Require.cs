using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Cluster.Simulation;

/// <summary>Objects where a promise is broken.</summary>
internal static class Require
{
    /// <exception cref="SimulationFailedException">It does not hold.</exception>
    public static void That([DoesNotReturnIf(false)] bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] ref Otherwise otherwise)
    {
        if (!holds)
        {
            throw new SimulationFailedException(otherwise.ToString());
        }
    }

    /// <exception cref="SimulationFailedException">It does not hold.</exception>
    public static void That([DoesNotReturnIf(false)] bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new SimulationFailedException(otherwise);
        }
    }

    /// <summary>What is wrong, put into words only when it is: there are thousands of checks in every seed.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct Otherwise
    {
        private readonly System.Text.StringBuilder? _text;

        public Otherwise(int literalLength, int formattedCount, bool holds, out bool shouldAppend)
        {
            shouldAppend = !holds;
            _text = holds ? null : new System.Text.StringBuilder(literalLength + (8 * formattedCount));
        }

        public void AppendLiteral(string text) => _text!.Append(text);

        public void AppendFormatted<T>(T value) => _text!.Append(value);

        public override string ToString() => _text?.ToString() ?? "";
    }
}
