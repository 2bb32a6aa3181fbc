using System.CommandLine;
using Cluster.Cli.Output;
using Cluster.Protocol.V1;

namespace Cluster.Cli.Commands.Dictionaries;

/// <summary><c>cluster dict incr</c>: adds to a number.</summary>
internal static class DictIncrementCommand
{
    private static readonly Argument<double> By = new("by")
    {
        Description = "What to add.",
        HelpName = "BY",
        DefaultValueFactory = _ => 1,
        CustomParser = result => DecimalNumber.Parse(result, double.IsFinite, "BY must be a number.") ?? 1,
    };

    public static Command Create() => DictCall.Command("incr", "Add to a number, in one step, and print the sum. An entry that is not there is 0.", RunAsync, DictCall.Key, By);

    private static async Task<int> RunAsync(ParseResult result, DictCall dict)
    {
        var request = new DictIncrementRequest { Dict = dict.Name, Key = DictCall.KeyOf(result), By = result.GetValue(By) };
        return dict.Print(DictLine.Value(await dict.Service.IncrementAsync(request, dict.Options)));
    }
}
