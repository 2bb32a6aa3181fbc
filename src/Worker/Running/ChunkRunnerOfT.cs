using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using Cluster.Worker.Code;
using Cluster.Worker.Errors;
using Cluster.Worker.Link;
using Cluster.Worker.Results;

namespace Cluster.Worker.Running;

/// <summary>The loop over the items of a chunk.</summary>
internal sealed class ChunkRunner<TIn, TOut>(
    ItemFunction<TIn, TOut> function, ItemCodec<TIn> inputs, ItemCodec<TOut> outputs, Func<Exception, string?> explain, Signature signature, ItemLimits? limits = null)
    : ChunkRunner
{
    /// <summary>Only values of a fixed size are run in blocks: they can wait in an array without being serialized first.</summary>
    private readonly bool _runsInBlocks = limits is null && !function.IsAsync && inputs.Format == Format.Raw && outputs.Format == Format.Raw;

    private readonly GuardedFunction<TIn, TOut>? _guarded = limits is null ? null : new GuardedFunction<TIn, TOut>(function, limits);

    // Chunks that run at once take what they need; a job that runs one chunk after another reuses it.
    private ChunkBuffers<TIn, TOut>? _spare;

    public override async ValueTask<ChunkRun?> RunAsync(ChunkRun chunk, ChunkSurroundings surroundings, ChunkQueue queue)
    {
        var buffers = Interlocked.Exchange(ref _spare, null) ?? new ChunkBuffers<TIn, TOut>(inputs, outputs);
        var results = new ResultStream<TOut>(chunk.Number, chunk.Job.Spec.Gathered, surroundings.Link, surroundings.Time, buffers.Builder);
        chunk.Enter(surroundings.Node, results);
        surroundings.Ticker.Add(results);
        if (chunk.Clock is { } begun)
        {
            surroundings.Deadlines.Add(begun);
            Announce(chunk, surroundings.Link);
        }

        ChunkRun? next;
        try
        {
            var isComplete = true;
            foreach (var batch in chunk.Batches)
            {
                if (!TryOpen(batch, buffers.Reader, results))
                {
                    continue;
                }

                isComplete = _runsInBlocks
                    ? RunBlocks(chunk, buffers, results)
                    : await RunItemsAsync(chunk, batch, buffers.Reader, results, surroundings.Time).ConfigureAwait(false);
                if (!isComplete)
                {
                    break;
                }
            }

            chunk.Output!.EndItem();
            next = queue.End(chunk);

            // Before its end is told, which may be the worker's.
            ChunkActivity.Stop();
            results.End(new WorkerChunkEnded { Cancelled = !isComplete, NextChunkId = next?.Number ?? 0 });
        }
        finally
        {
            surroundings.Ticker.Remove(results);
            if (chunk.Clock is { } ended)
            {
                surroundings.Deadlines.Remove(ended);
            }

            ChunkRun.Leave();
        }

        buffers.Reset();
        _spare = buffers;
        return next;
    }

    private void Announce(ChunkRun chunk, NodeLink link)
    {
        if (chunk.Batches is [var first, ..] && limits!.TakeAnnouncement())
        {
            var running = new WorkerItemRunning { ChunkId = chunk.Number, Index = first.First, Tries = chunk.Tries };
            link.Send(new OutgoingFrame(new FromWorker { ItemRunning = running }));
        }
    }

    /// <summary>Opens a batch; one that cannot be read is answered, item by item, and the chunk goes on with the next.</summary>
    /// <returns>Whether there are items to run.</returns>
    private static bool TryOpen(Batch batch, BatchReader<TIn> reader, ResultStream<TOut> results)
    {
        try
        {
            reader.Open(batch);
            return true;
        }
        catch (MalformedBatchException exception)
        {
            for (uint i = 0; i < batch.Count; i++)
            {
                results.Fail(batch.First + i, ErrorConversion.Create(ErrorKind.Protocol, exception.Message));
            }

            return false;
        }
    }

    /// <returns>Whether all items of the open batch were answered; not when the chunk was cancelled.</returns>
    private async ValueTask<bool> RunItemsAsync(ChunkRun chunk, Batch batch, BatchReader<TIn> reader, ResultStream<TOut> results, TimeProvider time)
    {
        while (reader.Remaining > 0)
        {
            if (chunk.IsStopping)
            {
                return false;
            }

            var index = reader.Index;
            chunk.BeginItem(index);
            TOut result;
            long begun;
            try
            {
                reader.TryRead(out _, out var item);
                begun = time.GetTimestamp();
                result = _guarded is not null ? await _guarded.InvokeAsync(chunk, item).ConfigureAwait(false)
                    : function.IsAsync ? await function.InvokeAsync(item, chunk.CancellationToken).ConfigureAwait(false)
                    : function.Invoke(item, chunk.CancellationToken);
            }
            catch (OperationCanceledException) when (chunk.IsCancelled)
            {
                return false;
            }
            catch (Exception exception)
            {
                results.Fail(index, Explain(exception, index, batch, chunk));
                results.IsDue |= chunk.Clock is { IsReported: true };
                EndItem(chunk, results);
                continue;
            }

            results.Add(index, result, time.GetTimestamp() - begun);
            results.IsDue |= chunk.Clock is { IsReported: true };
            EndItem(chunk, results);
        }

        return true;
    }

    private bool RunBlocks(ChunkRun chunk, ChunkBuffers<TIn, TOut> buffers, ResultStream<TOut> results)
    {
        while (buffers.Reader.Remaining > 0)
        {
            var first = buffers.Reader.Index;
            var items = buffers.Items(buffers.Reader.Remaining);
            items = items[..buffers.Reader.ReadMany(items)];
            while (!items.IsEmpty)
            {
                var block = buffers.Block;
                block.Reset(first);
                results.BeginBlock(block);
                Exception? failure = null;
                try
                {
                    RunBlock(chunk, items, block, results);
                }
                catch (Exception exception)
                {
                    failure = exception;
                }

                var done = block.Done;
                results.EndBlock();
                items = items[done..];
                first += (uint)done;
                if (failure is not null)
                {
                    if (chunk.IsCancelled && failure is OperationCanceledException)
                    {
                        return false;
                    }

                    results.Fail(first, Explain(failure));
                    items = items[1..];
                    first++;
                }

                EndItem(chunk, results);
                if (chunk.IsStopping && (!items.IsEmpty || buffers.Reader.Remaining > 0))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>The innermost loop. Ends early when something is due; what is done is in the block.</summary>
    private void RunBlock(ChunkRun chunk, ReadOnlySpan<TIn> items, ResultBlock<TOut> block, ResultStream<TOut> results)
    {
        var outputs = block.Results[..items.Length];
        var cancellationToken = chunk.CancellationToken;
        var context = chunk.Context;
        var first = (long)block.First;
        for (var i = 0; i < items.Length; i++)
        {
            context.Index = first + i;
            outputs[i] = function.Invoke(items[i], cancellationToken);
            block.Done = i + 1;
            if (results.IsDue || chunk.IsStopping)
            {
                return;
            }
        }
    }

    private static void EndItem(ChunkRun chunk, ResultStream<TOut> results)
    {
        if (results.IsDue)
        {
            results.IsDue = false;
            chunk.Output!.EndItem();
            results.FlushByTime();
        }
    }

    private ErrorInfo Explain(Exception exception, ulong index, Batch batch, ChunkRun chunk)
    {
        var error = exception switch
        {
            ItemDecodeException decode when decode.Index == index => signature.Explain(decode, batch),
            TimeUpException timeUp => ErrorConversion.TimeUp(timeUp),
            _ => Explain(exception),
        };
        error.Attempt = (uint)chunk.Context.Attempt;
        return error;
    }

    // Captured values that come with an item are rebuilt with it: that they do not fit is no failure of the function's.
    private ErrorInfo Explain(Exception exception) => exception is CodeException code ? code.ToErrorInfo()
        : explain(exception) is { } missing ? ErrorConversion.Convert(ErrorKind.Code, exception, missing)
        : ErrorConversion.Convert(ErrorKind.User, exception);
}
