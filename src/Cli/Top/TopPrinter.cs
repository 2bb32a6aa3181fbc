using System.Text.Json;

namespace Cluster.Cli.Top;

/// <summary>Prints snapshots one after another: plain lines, or a line of JSON each.</summary>
/// <param name="output">Where to.</param>
/// <param name="json">As JSON.</param>
internal sealed class TopPrinter(TextWriter output, bool json) : ITopView
{
    private readonly TaskCompletionSource _never = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Quit => _never.Task;

    public void Show(TopSnapshot top)
    {
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(top, CliJson.Default.TopSnapshot));
            return;
        }

        foreach (var row in TopLayout.Of(top, int.MaxValue, int.MaxValue, TimeZoneInfo.Local))
        {
            output.WriteLine(row.Text);
        }
    }

    public void Dispose()
    {
        // Others write to the same output.
    }
}
