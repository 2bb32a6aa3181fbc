namespace Cluster.Bench.Comparison;

/// <summary>One line of the table: the same work on both sides.</summary>
/// <param name="Name">What is done.</param>
/// <param name="Unit">What the figures count.</param>
/// <param name="Target">The ratio of the design, for the reader to compare with.</param>
/// <param name="Cluster">One round here, in <paramref name="Unit"/>.</param>
/// <param name="Peer">One round of the peer, in <paramref name="Unit"/>.</param>
/// <param name="LessIsBetter">True for latencies: the ratio is still cluster ÷ peer.</param>
internal sealed record Row(
    string Name,
    string Unit,
    string Target,
    Func<CancellationToken, Task<double>> Cluster,
    Func<CancellationToken, Task<double>> Peer,
    bool LessIsBetter = false);
