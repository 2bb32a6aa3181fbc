using Cluster.Cli.Top;
using Xunit;

namespace Cluster.Unit.Cli.Top;

public sealed class TopScreenTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_draws_over_itself_and_leaves_the_terminal_as_it_was(bool colors)
    {
        using var terminal = new StringWriter();
        using (var screen = new TopScreen(terminal, () => (80, 24), colors, Task.CompletedTask))
        {
            screen.Show(new TopModel("http://head:7070").Take(Samples.Nodes(Samples.Node("a")), [], Samples.Noon, TimeSpan.Zero));
            screen.Show(new TopModel("http://head:7070").Lose("gone", Samples.Noon));
        }

        var drawn = terminal.ToString();
        Assert.StartsWith("\e[?1049h\e[?25l\e[H", drawn, StringComparison.Ordinal);
        Assert.EndsWith("\e[J\e[?25h\e[?1049l", drawn, StringComparison.Ordinal);
        Assert.Equal(colors, drawn.Contains("\e[31mRECONNECTING: gone\e[0m\e[K", StringComparison.Ordinal));
        Assert.Equal(colors, drawn.Contains('m') && drawn.Contains("\e[1m", StringComparison.Ordinal));
        Assert.Equal(2, drawn.Split("\e[H").Length - 1);
    }
}
