using Cluster.Interop.Foreign;

namespace Cluster.Interop.Kubernetes;

/// <summary>KEDA's contract as grpcio's client sees it, and what happens to a cluster that has been scaled to nothing.</summary>
public sealed class ScalerClientTests(ScalerClientFixture fixture) : PythonCaseTests<ScalerClientFixture>(fixture);
