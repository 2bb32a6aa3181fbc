using Cluster.Client.Commands;
using Xunit;

namespace Cluster.Unit.Client.Commands;

public sealed class CommandTemplateTests
{
    [Theory]
    [InlineData("gzip -9 {}", "a/b.txt", "gzip|-9|a/b.txt")]
    [InlineData("gzip -9", "a b", "gzip|-9|a b")]
    [InlineData("cp {} {.}.bak", "a/b.tar.gz", "cp|a/b.tar.gz|a/b.tar.bak")]
    [InlineData("echo {/} {//} {/.}", "a/b.txt", "echo|b.txt|a|b")]
    [InlineData("echo {//}{}", "b.txt", "echo|.b.txt")]
    [InlineData("echo {#} {index} {}", "x", "echo|8|7|x")]
    [InlineData("echo {#}", "x", "echo|8|x")]
    [InlineData("echo {unknown} {} }{ {", "x", "echo|{unknown}|x|}{|{")]
    [InlineData("echo {}{}", "{}", "echo|{}{}")]
    [InlineData("echo {}", "$(rm -rf /); '", "echo|$(rm -rf /); '")]
    public void Places_are_filled(string words, string item, string expected) =>
        Assert.Equal(expected.Split('|'), new CommandTemplate(words.Split(' '), appends: true, throughShell: false).For(item, 7));

    [Fact]
    public void The_item_is_not_appended_where_it_is_the_input() => Assert.Equal(["wc", "-c"], new CommandTemplate(["wc", "-c"], appends: false, throughShell: false).For("x", 0));

    [Fact]
    public void For_a_shell_items_are_quoted() =>
        Assert.Equal(["sh", "-c", "echo 'it'\\''s $HOME' | wc -c; echo 1"], new CommandTemplate(["echo {} | wc -c; echo {#}"], appends: true, throughShell: true).For("it's $HOME", 0));

    [Fact]
    public void A_line_is_what_a_shell_would_read() => Assert.Equal("cp 'a b' '' /x-1.txt 'it'\\''s'", CommandTemplate.Line(["cp", "a b", "", "/x-1.txt", "it's"]));
}
