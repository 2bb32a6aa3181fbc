using System.Globalization;
using System.Text.RegularExpressions;
using Cluster.Interop.Foreign;
using Cluster.TestKit.Processes;

namespace Cluster.Interop.Kubernetes;

/// <summary>Runs all checks of deploy/k8s, once: tests/Kubernetes/check.js.</summary>
public sealed partial class ManifestFixture() : CaseFixture(ForeignTools.MissingForKubernetes())
{
    // Older ones do not know all that the kustomization files say.
    private const int LeastMinor = 27;

    /// <summary>Why nothing can be rendered here, whatever is required: not every system has a kubectl, or one that is new enough. Null: it can.</summary>
    internal string? Unable { get; private set; }

    private protected override async Task<(int ExitCode, string Output, string Errors)> RunAsync(CancellationToken cancellationToken)
    {
        if ((Unable = await FindProblemAsync(cancellationToken)) is not null)
        {
            return (0, "", "");
        }

        await using ForeignProcess checks = ForeignProcess.Start("node", ["check.js"], ForeignTools.KubernetesDirectory);
        return await checks.WaitAsync(cancellationToken);
    }

    private static async Task<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        if (InstalledProgram.Find("kubectl") is not { } kubectl)
        {
            return $"There is no kubectl, which renders the manifests. Install 1.{LeastMinor} or newer.";
        }

        await using ForeignProcess asking = ForeignProcess.Start(kubectl, ["version", "--client"], Path.GetTempPath());
        var (_, output, _) = await asking.WaitAsync(cancellationToken);
        return Version().Match(output) is { Success: true } version && int.Parse(version.Groups[1].ValueSpan, CultureInfo.InvariantCulture) >= LeastMinor
            ? null
            : $"kubectl is older than 1.{LeastMinor}, or is none: {output.Split('\n')[0]}";
    }

    [GeneratedRegex("""v1\.(\d+)""")]
    private static partial Regex Version();
}
