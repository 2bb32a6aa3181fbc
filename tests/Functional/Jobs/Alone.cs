using Xunit;

namespace Cluster.Functional.Jobs;

/// <summary>Tests that measure the machine run when no other test does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
