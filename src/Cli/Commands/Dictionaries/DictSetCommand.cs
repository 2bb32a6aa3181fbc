using System.CommandLine;
using Cluster.Cli.Items;
using Cluster.Cli.Output;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;

namespace Cluster.Cli.Commands.Dictionaries;

/// <summary><c>cluster dict set</c>: sets an entry.</summary>
internal static class DictSetCommand
{
    // A time to live beyond this is none, and would not fit a protobuf Duration.
    private static readonly TimeSpan LongestTimeToLive = TimeSpan.FromSeconds(315_576_000_000);

    private static readonly Argument<string> NewValue = new("value") { Description = $"The value. {JsonText.Help}", HelpName = "VALUE" };

    private static readonly Option<TimeSpan?> TimeToLive = SecondsOption.Create("--ttl", "The entry goes by itself after this time, in seconds. Default: it stays.", LongestTimeToLive);

    public static Command Create() => DictCall.Command(
        "set", "Set an entry, and create the dictionary if there is none. Prints the entry's version.", RunAsync, DictCall.Key, NewValue, TimeToLive);

    private static async Task<int> RunAsync(ParseResult result, DictCall dict)
    {
        var request = new DictSetRequest
        {
            Dict = dict.Name,
            Key = DictCall.KeyOf(result),
            Value = JsonText.Parse(result.GetRequiredValue(NewValue)),
            TimeToLive = result.GetValue(TimeToLive)?.ToDuration(),
        };
        return dict.Print(DictLine.Written(await dict.Service.SetAsync(request, dict.Options)));
    }
}
