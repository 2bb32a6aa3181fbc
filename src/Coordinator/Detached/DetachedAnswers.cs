using Cluster.Coordinator.AdHoc;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Detached;

/// <summary>Writes the answers of a detached job to its file, and tells those who watch it.</summary>
internal sealed class DetachedAnswers(DetachedJob job, AnswerFile file, ItemResults results) : AnswerWriter
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
                file.Append(new DetachedJobEntry { Results = record });
                (record, bytes) = (new DetachedResults(), 0);
            }
        }

        if (record.Results.Count > 0)
        {
            file.Append(new DetachedJobEntry { Results = record });
        }
    }
}
