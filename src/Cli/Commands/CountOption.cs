using System.CommandLine;
using System.Globalization;

namespace Cluster.Cli.Commands;

/// <summary>Options that say how many of something.</summary>
internal static class CountOption
{
    /// <summary>Makes an option that takes a whole number from 1; null where it is not given.</summary>
    public static Option<int?> Create(string name, string description)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "N" };
        option.Validators.Add(result =>
        {
            // What is no number at all is refused by the parser.
            if (result.Tokens is [var token] && int.TryParse(token.Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && number < 1)
            {
                result.AddError($"{name} must be at least 1; leave it out for the default.");
            }
        });
        return option;
    }
}
