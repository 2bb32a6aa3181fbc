using Cluster.Interop.Foreign;

namespace Cluster.Interop.AdHoc;

/// <summary>Functions by name as grpcio's client calls them.</summary>
public sealed class AdHocClientTests(AdHocClientFixture fixture) : PythonCaseTests<AdHocClientFixture>(fixture);
