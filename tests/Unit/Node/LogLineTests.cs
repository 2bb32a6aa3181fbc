using System.Text.Json;
using Cluster.Node;
using Cluster.Node.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Cluster.Unit.Node;

public sealed class LogLineTests
{
    private static readonly DateTimeOffset Now = new(2031, 2, 3, 4, 5, 6, 789, TimeSpan.FromHours(2));

    [Fact]
    public void A_line_for_programs_is_one_object_whatever_it_says()
    {
        using var output = new StringWriter();
        JsonLogLine.Write(output, new LogLine(
            Now, LogLevel.Warning, new EventId(7), "It said \"no\",\nand then \u001b[1mmore.", [new("WorkerPid", 42), new("Reason", null), new("Delay", TimeSpan.FromSeconds(1))], new InvalidOperationException("why")));

        var line = Assert.Single(output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var entry = JsonDocument.Parse(line).RootElement;
        Assert.Equal("It said \"no\",\nand then \u001b[1mmore.", entry.GetProperty("Message").GetString());
        Assert.Equal("2031-02-03T02:05:06.789Z", entry.GetProperty("Timestamp").GetString());
        Assert.Equal(("Warning", "Cluster.Node"), (entry.GetProperty("LogLevel").GetString(), entry.GetProperty("Category").GetString()));
        Assert.Contains("InvalidOperationException: why", entry.GetProperty("Exception").GetString(), StringComparison.Ordinal);
        Assert.Equal(7, entry.GetProperty("EventId").GetInt32());
        var state = entry.GetProperty("State");
        Assert.Equal((42, JsonValueKind.Null, "00:00:01"), (state.GetProperty("WorkerPid").GetInt32(), state.GetProperty("Reason").ValueKind, state.GetProperty("Delay").GetString()));
    }

    [Fact]
    public void Every_line_says_of_which_node_it_is()
    {
        using var output = new StringWriter();
        using var logger = new StandardErrorLogger(output, LogLevel.Information, JsonLogLine.Write, "blade", TimeProvider.System);
        NodeLog.WorkerEnded(logger, 42, "was lost");
        NodeLog.Resumed(logger, "c", "http://c", "other");

        var states = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement.GetProperty("State")).ToArray();
        Assert.Equal(["blade", "other"], states.Select(static state => state.GetProperty("NodeId").GetString()));
        Assert.Equal((42, "Worker {WorkerPid} {Reason}; starting another."), (states[0].GetProperty("WorkerPid").GetInt32(), states[0].GetProperty("{OriginalFormat}").GetString()));
    }

    [Fact]
    public void A_line_for_people_has_the_exception_after_it()
    {
        using var output = new StringWriter();
        TextLogLine.Write(output, new LogLine(Now, LogLevel.Error, default, "It broke.", [], new InvalidOperationException("why")));

        Assert.Contains("fail node: It broke.", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("InvalidOperationException: why", output.ToString(), StringComparison.Ordinal);
    }
}
