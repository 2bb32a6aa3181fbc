using System.Diagnostics.Metrics;
using Cluster.Node.Session;

namespace Cluster.Node.Workers.Memory;

/// <summary>What is counted about the memory of workers.</summary>
internal static class MemoryMetrics
{
    public static readonly Counter<long> Kills = Reconnecting.Meter.CreateCounter<long>(
        "cluster.node.workers.memory_kills", "{worker}", "Workers that the node ended because they took too much memory.");
}
