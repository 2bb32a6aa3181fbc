using Cluster.Coordinator.AdHoc;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Coordinator.Detached;

/// <summary>Writes the answers of a detached job to its file, and tells those who watch it.</summary>
internal sealed class DetachedAnswers(DetachedJob job, ResultLog log, ItemResults results, DetachedRoom room) : AnswerWriter
{
    // Whoever reads one answer reads its record.
    private const int MaxRecordBytes = 256 << 10;

    protected override void Take(Progress progress) => job.Apply(progress);

    // On a thread of its own: this one may be that on which a node's heartbeats come.
    protected override Task TakeAsync(IEnumerable<Answer> answers) => Task.Run(() => Write(answers));

    private void Write(IEnumerable<Answer> answers)
    {
        var record = new DetachedResults();
        var bytes = 0;
        foreach (var answer in answers)
        {
            var result = results.Indexed(answer);
            record.Results.Add(result);
            bytes += result.CalculateSize();
            if (bytes >= MaxRecordBytes)
            {
                Append(record);
                (record, bytes) = (new DetachedResults(), 0);
            }
        }

        if (record.Results.Count > 0)
        {
            Append(record);
        }
    }

    private void Append(DetachedResults record)
    {
        var entry = new DetachedJobEntry { Results = record };
        if (!room.TryAdd(job, ResultLog.SizeOf(entry)))
        {
            // Nobody else may ever make room: waiting could take for ever.
            throw new RpcException(new Status(
                StatusCode.ResourceExhausted,
                $"The results of detached jobs take the {room.Limit} bytes that they may have on the disk (--keep-jobs-mib), and those that have ended are forgotten already. "
                + "The results that there are can be fetched; run the rest in smaller jobs, have functions write large results elsewhere, or raise the limit."));
        }

        job.Apply(entry, log.Append(entry));
    }
}
