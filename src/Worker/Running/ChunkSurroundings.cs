using Cluster.Worker.Link;
using Cluster.Worker.Results;

namespace Cluster.Worker.Running;

/// <summary>What chunks run in.</summary>
/// <param name="Node">The node's name.</param>
/// <param name="Link">Where results go.</param>
/// <param name="Ticker">Says when results are due.</param>
/// <param name="Deadlines">Says when an item's time is up. Not the same, which may have to wait until the node reads.</param>
/// <param name="Time">Measures the function.</param>
internal sealed record ChunkSurroundings(string Node, NodeLink Link, Ticker Ticker, Ticker Deadlines, TimeProvider Time);
