namespace Cluster.Simulation;

/// <summary>A promise was broken.</summary>
internal sealed class SimulationFailedException(string message, Exception? inner = null) : Exception(message, inner);
