using System.Text;
using System.Text.Json;

namespace Cluster.Client.Commands;

/// <summary>What runs in a worker for an item of a job with a <c>command</c>, which people submit without code. Found by its name: see the coordinator's <c>CommandFunction</c>.</summary>
internal static class AdHocCommand
{
    // In a message of people together with others.
    private const int MaxOutputBytes = 1 << 20;

    public static async Task<AdHocCommandResult> RunAsync(AdHocCommandItem item, CancellationToken cancellationToken)
    {
        var text = item.Item.ValueKind == JsonValueKind.String ? item.Item.GetString()! : item.Item.GetRawText();
        var template = new CommandTemplate(item.Command, appends: !item.Stdin, item.Shell);
        var call = new CommandCall
        {
            Arguments = template.For(text, item.Index),
            Input = item.Stdin ? Encoding.UTF8.GetBytes(text) : null,
            MaxOutputBytes = MaxOutputBytes,
        };
        var result = await CommandTask.RunAsync(call, cancellationToken).ConfigureAwait(false);
        return new AdHocCommandResult(result.ExitCode, Encoding.UTF8.GetString(result.Output), Encoding.UTF8.GetString(result.Error), result.Node, result.Elapsed.TotalSeconds);
    }
}
