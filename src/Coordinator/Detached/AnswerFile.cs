using Cluster.Coordinator.Errors;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Coordinator.Detached;

/// <summary>Where the answers of a detached job that runs are written, as long as there is room for them.</summary>
/// <param name="job">The job.</param>
/// <param name="log">Its file.</param>
/// <param name="room">The room of all.</param>
internal sealed class AnswerFile(DetachedJob job, ResultLog log, DetachedRoom room)
{
    /// <summary>Writes answers, and tells those who watch the job.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: there is no room.</exception>
    public void Append(DetachedJobEntry entry)
    {
        if (!room.TryAdd(job, ResultLog.SizeOf(entry)))
        {
            // Nobody else may ever make room: waiting could take for ever.
            throw RichStatus.TooMuch(
                "--keep-jobs-mib",
                $"The results of detached jobs take the {room.Limit} bytes that they may have on the disk (--keep-jobs-mib), and those that have ended are forgotten already. "
                + "The results that there are can be fetched; run the rest in smaller jobs, have functions write large results elsewhere, or raise the limit.");
        }

        job.Apply(entry, log.Append(entry));
    }
}
