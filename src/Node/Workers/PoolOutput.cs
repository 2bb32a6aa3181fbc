using Cluster.Node.Session;
using Cluster.Node.Telemetry;
using Cluster.Protocol.V1;

namespace Cluster.Node.Workers;

/// <summary>What workers print, on its way to those who want to read it.</summary>
internal sealed class PoolOutput(ChunkReport report)
{
    /// <summary>A line that came over a worker's pipe rather than its link.</summary>
    /// <param name="worker">The worker.</param>
    /// <param name="chunk">A chunk that it runs, if it does.</param>
    /// <param name="text">The line.</param>
    /// <param name="isError">Whether it is of stderr.</param>
    /// <returns>The outbox that it went to, if any.</returns>
    public Outbox? Line(PoolWorker worker, PoolChunk? chunk, string text, bool isError)
    {
        if (chunk is not { WantsOutput: true, IsAbandoned: false })
        {
            return null;
        }

        NodeMetrics.Wrote(1);
        chunk.Say(report.Output(chunk, worker, [new OutputLine { Text = text, Error = isError }]), text.Length);
        chunk.Outbox.Flush();
        return chunk.Outbox;
    }

    /// <summary>Lines of a chunk.</summary>
    /// <returns>The outbox that they went to, if any; the caller flushes it.</returns>
    public Outbox? Lines(PoolWorker worker, WorkerOutput output)
    {
        foreach (var line in output.Lines)
        {
            if (line.Error)
            {
                worker.Process.KeepInTail(line.Text);
            }
        }

        if (!worker.Chunks.TryGetValue(output.ChunkId, out var chunk) || chunk.IsAbandoned || !chunk.WantsOutput)
        {
            return null;
        }

        NodeMetrics.Wrote(output.Lines.Count);
        chunk.Say(report.Output(chunk, worker, output.Lines), output.CalculateSize());
        return chunk.Outbox;
    }
}
