using Cluster.Interop.Foreign;
using Xunit;

namespace Cluster.Interop.Guides;

/// <summary>Whatever command a guide shows is run word for word, in order, and prints what the guide says; but for blocks that say why not.</summary>
public sealed class GuideTests
{
    public static TheoryData<string> WithBlocks => [.. Guide.Names.Where(static name => Guide.Read(name).Blocks.Any(static block => block.NotRun is null))];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(WithBlocks))]
    public async Task Says_what_happens(string name)
    {
        ForeignTools.Require(ForeignTools.MissingForPython() ?? ForeignTools.MissingForBuf());
        await using var place = await Workplace.CreateAsync(Token);
        var renamed = new Renamed();
        foreach (var step in Guide.Read(name).Blocks.Where(static block => block.NotRun is null).SelectMany(GuideStep.Of))
        {
            var (exitCode, output, errors) = await place.RunAsync(renamed.In(step.Command), Token);
            var said = $"{name}:{step.Line}: {step.Command}\nexit code {exitCode}\n{output}\n{errors}";

            // What fails has to be shown, so that a guide does not say so without meaning it.
            Assert.True(exitCode == 0 || step.Shown.Length > 0, $"The command failed, and the guide does not say so.\n{said}");
            Assert.True(
                step.Shown.Length == 0 || ShownOutput.Fits(place.Here(step.Shown), output, errors, failed: exitCode != 0, renamed),
                $"The guide shows something else:\n{step.Shown}\n{said}");
        }
    }
}
