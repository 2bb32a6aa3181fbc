using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Client.Jobs;

/// <summary>A job that the coordinator has accepted.</summary>
/// <param name="Call">Its call.</param>
/// <param name="Accepted">What the coordinator said.</param>
internal sealed record OpenJob(AsyncDuplexStreamingCall<RunRequest, RunReply> Call, Accepted Accepted) : IDisposable
{
    public void Dispose() => Call.Dispose();
}
