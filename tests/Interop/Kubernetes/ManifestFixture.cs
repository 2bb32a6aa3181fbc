using Cluster.Interop.Foreign;

namespace Cluster.Interop.Kubernetes;

/// <summary>Runs all checks of deploy/k8s, once: tests/Kubernetes/check.js.</summary>
public sealed class ManifestFixture() : CaseFixture(ForeignTools.MissingForKubernetes())
{
    private protected override async Task<(int ExitCode, string Output, string Errors)> RunAsync(CancellationToken cancellationToken)
    {
        await using ForeignProcess checks = ForeignProcess.Start("node", ["check.js"], ForeignTools.KubernetesDirectory);
        return await checks.WaitAsync(cancellationToken);
    }
}
