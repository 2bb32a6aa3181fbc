using Cluster.Cli.Output;
using Xunit;

namespace Cluster.Unit.Cli;

public sealed class StatusLineTests
{
    private const string Erase = "\r\e[K";

    [Fact]
    public void The_line_is_drawn_over_itself()
    {
        using var terminal = new StringWriter();
        var line = new StatusLine(terminal);
        line.Show("1 %");
        line.Show("1 %");
        line.Show("2 %");
        Assert.Equal($"{Erase}1 %{Erase}2 %", terminal.ToString());
    }

    [Fact]
    public void Other_output_goes_above_the_line()
    {
        using var terminal = new StringWriter();
        var line = new StatusLine(terminal);
        line.Show("1 %");
        line.Interleave(text => terminal.Write(text + "\n"), "result");
        Assert.Equal($"{Erase}1 %{Erase}result\n1 %", terminal.ToString());
    }

    [Fact]
    public void Nothing_is_drawn_where_there_is_no_terminal()
    {
        using var output = new StringWriter();
        var line = new StatusLine(null);
        line.Show("1 %");
        line.Interleave(output.Write, "result");
        Assert.Equal("result", output.ToString());
    }
}
