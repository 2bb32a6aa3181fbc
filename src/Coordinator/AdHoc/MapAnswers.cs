using System.Globalization;
using Cluster.Coordinator.Errors;
using Cluster.Protocol;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Coordinator.AdHoc;

/// <summary>Gathers the answers of a call into its one reply, which has the size of a message at most.</summary>
/// <param name="results">Writes them.</param>
/// <param name="count">How many items there are.</param>
internal sealed class MapAnswers(ItemResults results, int count) : AnswerWriter
{
    // Tag and length.
    private const int OverheadBytes = 6;

    private readonly ItemResult?[] _results = new ItemResult?[count];
    private long _bytes;
    private bool _anyFailed;

    /// <summary>The reply, once the job has ended.</summary>
    /// <exception cref="RpcException">The job ended before its time, and not because an item failed.</exception>
    public MapReply ToReply()
    {
        if (JobError is { } error && !(_anyFailed && error.Kind == ErrorKind.Cancelled))
        {
            throw RichStatus.JobFailed(error);
        }

        return new MapReply { Results = { _results.Select(result => result ?? new ItemResult { Error = JobError }) } };
    }

    protected override Task TakeAsync(IEnumerable<Answer> answers)
    {
        foreach (var answer in answers)
        {
            var result = results.Of(answer);
            _anyFailed |= answer.Error is not null;
            _bytes += result.CalculateSize() + OverheadBytes;
            if (_bytes > Limits.MaxMessageBytes)
            {
                throw RichStatus.TooMuch("results", string.Create(
                    CultureInfo.InvariantCulture,
                    $"The results of {_results.Length} items do not fit a message of {Limits.MaxMessageBytes >> 20} MiB. Call IMap, which answers each item by itself, or ask for fewer items."));
            }

            _results[answer.Index] = result;
        }

        return Task.CompletedTask;
    }
}
