using System.Collections;
using System.Globalization;
using Cluster.Coordinator.Errors;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Coordinator.AdHoc;

/// <summary>Passes the answers of a call on as they come, or in the order of the items. Waits for the reader, and so slows the job down with it.</summary>
/// <param name="results">Writes them.</param>
/// <param name="replies">The caller's stream.</param>
/// <param name="count">How many items there are.</param>
/// <param name="ordered">Whether their order counts.</param>
/// <param name="maxWaiting">How many bytes may wait for the answer of an earlier item.</param>
internal sealed class StreamedAnswers(ItemResults results, IServerStreamWriter<ItemResult> replies, int count, bool ordered, long maxWaiting) : AnswerWriter
{
    private static readonly WriteOptions Flushed = new();
    private static readonly WriteOptions Gathered = new(WriteFlags.BufferHint);

    private readonly Dictionary<ulong, ItemResult> _waiting = [];
    private readonly BitArray _told = new(count);
    private long _waitingBytes;
    private ulong _next;
    private bool _anyFailed;

    /// <summary>Answers what has none, once the job has ended.</summary>
    /// <exception cref="RpcException">The job ended before its time, and not because an item failed.</exception>
    public async Task CompleteAsync()
    {
        if (JobError is not { } error)
        {
            return;
        }

        if (!_anyFailed || error.Kind != ErrorKind.Cancelled)
        {
            throw RichStatus.JobFailed(error);
        }

        for (var i = 0; i < count; i++)
        {
            if (!_told[i])
            {
                await TellAsync(_waiting.Remove((ulong)i, out var result) ? result : new ItemResult { Index = (ulong)i, Error = error }, last: i == count - 1);
            }
        }
    }

    protected override async Task TakeAsync(IEnumerable<Answer> answers)
    {
        // One behind, so that the last of a message is known and flushed.
        ItemResult? held = null;
        foreach (var answer in answers)
        {
            _anyFailed |= answer.Error is not null;
            foreach (var result in Ready(results.Indexed(answer)))
            {
                if (held is not null)
                {
                    await TellAsync(held, last: false);
                }

                held = result;
            }
        }

        if (held is not null)
        {
            await TellAsync(held, last: true);
        }
    }

    private IEnumerable<ItemResult> Ready(ItemResult result)
    {
        if (ordered && result.Index != _next)
        {
            Keep(result);
            yield break;
        }

        do
        {
            _next++;
            yield return result;
        }
        while (ordered && Next(out result));
    }

    private bool Next(out ItemResult result)
    {
        if (!_waiting.Remove(_next, out result!))
        {
            return false;
        }

        _waitingBytes -= result.CalculateSize();
        return true;
    }

    private void Keep(ItemResult result)
    {
        _waiting.Add(result.Index, result);
        _waitingBytes += result.CalculateSize();
        if (_waitingBytes > maxWaiting)
        {
            throw RichStatus.TooMuch("results", string.Create(
                CultureInfo.InvariantCulture,
                $"{_waiting.Count} results with {_waitingBytes} bytes wait for that of item {_next}; at most {maxWaiting} bytes may. Leave out `ordered` and go by `index`."));
        }
    }

    private Task TellAsync(ItemResult result, bool last)
    {
        _told[(int)result.Index] = true;
        replies.WriteOptions = last ? Flushed : Gathered;
        return replies.WriteAsync(result);
    }
}
