using System.Text.Json;
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
        JsonLogLine.Write(output, Now, LogLevel.Warning, "It said \"no\",\nand then \u001b[1mmore.", new InvalidOperationException("why"));

        var line = Assert.Single(output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var entry = JsonDocument.Parse(line).RootElement;
        Assert.Equal("It said \"no\",\nand then \u001b[1mmore.", entry.GetProperty("Message").GetString());
        Assert.Equal("2031-02-03T02:05:06.789Z", entry.GetProperty("Timestamp").GetString());
        Assert.Equal(("Warning", "Cluster.Node"), (entry.GetProperty("LogLevel").GetString(), entry.GetProperty("Category").GetString()));
        Assert.Contains("InvalidOperationException: why", entry.GetProperty("Exception").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_for_people_has_the_exception_after_it()
    {
        using var output = new StringWriter();
        TextLogLine.Write(output, Now, LogLevel.Error, "It broke.", new InvalidOperationException("why"));

        Assert.Contains("fail node: It broke.", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("InvalidOperationException: why", output.ToString(), StringComparison.Ordinal);
    }
}
