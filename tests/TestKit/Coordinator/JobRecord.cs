using Cluster.Protocol.V1;

namespace Cluster.TestKit.Coordinator;

/// <summary>All that a client was told about a job.</summary>
public sealed class JobRecord
{
    /// <summary>Every reply, in order.</summary>
    public List<RunReply> Replies { get; } = [];

    /// <summary>How often each item was answered, and with what.</summary>
    public Dictionary<ulong, List<long>> Values { get; } = [];

    /// <summary>Failures, in order.</summary>
    public List<ItemFailure> Failures { get; } = [];

    /// <summary>Results in other formats, and fragments of large ones, in order.</summary>
    public List<Batch> Others { get; } = [];

    /// <summary>The last reply.</summary>
    public JobEnd? End { get; private set; }

    /// <summary>Adds a reply.</summary>
    public void Add(RunReply reply)
    {
        Replies.Add(reply);
        End = reply.End ?? End;
        foreach (var batch in reply.Results?.Batches ?? [])
        {
            if (batch.Format != Format.Raw)
            {
                Others.Add(batch);
                continue;
            }

            var values = RawBatches.Read(batch);
            for (var i = 0; i < values.Length; i++)
            {
                var index = batch.First + (ulong)i;
                if (!Values.TryGetValue(index, out var answers))
                {
                    Values[index] = answers = [];
                }

                answers.Add(values[i]);
            }
        }

        Failures.AddRange(reply.Results?.Failures ?? []);
    }
}
