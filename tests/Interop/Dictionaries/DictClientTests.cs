using Cluster.Interop.Foreign;

namespace Cluster.Interop.Dictionaries;

/// <summary>Shared dictionaries as grpcio's client sees them.</summary>
public sealed class DictClientTests(DictClientFixture fixture) : PythonCaseTests<DictClientFixture>(fixture);
