using System.CommandLine.Parsing;
using System.Globalization;

namespace Cluster.Cli.Commands;

/// <summary>Numbers with a point on the command line, whatever the language of the user.</summary>
internal static class DecimalNumber
{
    /// <summary>Reads a number.</summary>
    /// <param name="result">What the user has given.</param>
    /// <param name="isAllowed">Whether it may be this one.</param>
    /// <param name="error">What to say otherwise.</param>
    public static double? Parse(ArgumentResult result, Func<double, bool> isAllowed, string error)
    {
        if (result.Tokens is [var token] && double.TryParse(token.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && isAllowed(number))
        {
            return number;
        }

        result.AddError(error);
        return null;
    }
}
