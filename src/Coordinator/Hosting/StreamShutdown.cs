using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.Nodes;
using Grpc.Core;

namespace Cluster.Coordinator.Hosting;

/// <summary>Ends the long streams when the coordinator stops: Kestrel waits for calls to end, and these would not.</summary>
internal sealed class StreamShutdown(JobRegistry jobs, NodeRegistry nodes)
{
    private const string Reason = "The coordinator is shutting down.";

    /// <summary>Tells every client and every node.</summary>
    public void Run()
    {
        foreach (var job in jobs.All)
        {
            job.Abort(StatusCode.Unavailable, Reason + " Run the job again when it is back.");
        }

        foreach (var node in nodes.All)
        {
            node.Close(StatusCode.Unavailable, Reason);
        }
    }
}
