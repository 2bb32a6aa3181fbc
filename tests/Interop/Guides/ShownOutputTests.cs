using Xunit;

namespace Cluster.Interop.Guides;

/// <summary>What counts as the same when a guide is compared with what happens, and what does not.</summary>
public sealed class ShownOutputTests
{
    [Theory]
    [InlineData("{\"a\":1}\n{\"b\":[2]}", "{\n  \"a\": 1\n}\n{\n  \"b\": [\n    2\n  ]\n}")]
    [InlineData("{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}")]
    [InlineData("{\"jobId\":\"da9e8c12a9691\",\"at\":\"2026-11-21T16:44:46.19Z\",\"workerPid\":7}", "{\"jobId\":\"d000000000001\",\"at\":\"2027-01-01T00:00:00.5Z\",\"workerPid\":8}")]
    [InlineData("…\n{\"state\":\"done\"}", "{\"state\":\"runs\"}\n{\"state\":\"done\"}")]
    [InlineData("…\n{\"state\":\"done\"}", "{\"state\":\"done\"}")]
    [InlineData("{\"a\":1}\nERROR:\n  Code: X\n  Message: …", "{\n\"a\": 1 }\nERROR:\n  Code: X\n  Message: whatever it is")]
    [InlineData("NAME  SLOTS\nnode-1  2", "NAME   SLOTS  \nnode-1 2      ")]
    [InlineData("first\n…", "first\nsecond\nthird")]
    [InlineData("{\"text\":\"so it begins…\"}", "{\"text\":\"so it begins, and goes on\"}")]
    public void The_same(string shown, string actual) => Assert.True(new ShownOutput(new Renamed()).IsSame(shown, actual));

    [Theory]
    [InlineData("{\"a\":1}", "{\"a\":2}")]
    [InlineData("{\"a\":1}", "{\"a\":1,\"b\":2}")]
    [InlineData("{\"a\":1,\"b\":2}", "{\"a\":1}")]
    [InlineData("{\"a\":1}", "{\"a\":\"1\"}")]
    [InlineData("{\"a\":1}", "{\"a\":1}\n{\"a\":1}")]
    [InlineData("{\"a\":1}", "nothing of the kind")]
    [InlineData("{\"a\":1}", "")]
    [InlineData("{\"jobId\":\"da9e8c12a9691\"}", "{\"jobId\":\"none\"}")]
    [InlineData("…\n{\"state\":\"done\"}", "{\"state\":\"done\"}\n{\"state\":\"runs\"}")]
    [InlineData("{\"a\":1}\nERROR:\n  Code: X\n  Message: …", "{\"a\":1}\nERROR:\n  Code: Y\n  Message: whatever it is")]
    [InlineData("node-1  2", "node-1  3")]
    [InlineData("first", "first\nsecond")]
    [InlineData("first\nsecond", "first")]
    public void Not_the_same(string shown, string actual) => Assert.False(new ShownOutput(new Renamed()).IsSame(shown, actual));

    [Theory]
    [InlineData("1\nnone: no such file\n2", "1\n2", "none: no such file", true, true)]
    [InlineData("1\n2", "1\n2", "1 of 2 done", false, true)]
    [InlineData("1\n2", "1\n2", "none: no such file", true, false)]
    [InlineData("2\n1", "1\n2", "", false, false)]
    public void What_fails_shows_why(string shown, string output, string errors, bool failed, bool fits) =>
        Assert.Equal(fits, ShownOutput.Fits(shown, output, errors, failed, new Renamed()));

    [Fact]
    public void An_id_of_the_guide_stands_for_one_id_from_then_on()
    {
        var renamed = new Renamed();
        var compare = new ShownOutput(renamed);
        Assert.True(compare.IsSame("{\"jobId\":\"da9e8c12a9691\"}", "{\"jobId\":\"d000000000001\"}"));
        Assert.Equal("cluster job d000000000001", renamed.In("cluster job da9e8c12a9691"));
        Assert.False(compare.IsSame("da9e8c12a9691", "d000000000002"));
    }

    [Fact]
    public void Blocks_are_found_and_those_that_are_not_run_say_why()
    {
        var guide = Guide.Parse("x.md", [.. """
            Text:

                $ echo 1 \
                  2
                1 2
                $ true

            <!-- not run: it needs a moon -->

                launch

            ```csharp
            var x = 1;
            ```

            ```sh
            echo 3
            ```
            """.Split('\n')]);
        Assert.Equal([(3, null), (10, "it needs a moon"), (17, null)], guide.Blocks.Select(static block => (block.Line, block.NotRun)));
        Assert.Equal(
            [new GuideStep(3, "echo 1 \\\n  2", "1 2"), new GuideStep(6, "true", ""), new GuideStep(10, "launch", ""), new GuideStep(17, "echo 3", "")],
            guide.Blocks.SelectMany(GuideStep.Of));
    }
}
