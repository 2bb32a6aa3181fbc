using Xunit;

namespace Cluster.Interop.Transport;

/// <summary>Tests that run while no other one does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
