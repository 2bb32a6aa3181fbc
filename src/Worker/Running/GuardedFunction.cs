using System.Runtime.ExceptionServices;
using Cluster.Worker.Code;
using Polly;

namespace Cluster.Worker.Running;

/// <summary>Calls a function under the limits of its job: each attempt has its time, and there may be several.</summary>
internal sealed class GuardedFunction<TIn, TOut>(ItemFunction<TIn, TOut> function, ItemLimits limits)
{
    /// <summary>Calls the function on the chunk's current item.</summary>
    /// <exception cref="TimeUpException">It took too long.</exception>
    public ValueTask<TOut> InvokeAsync(ChunkRun chunk, TIn item)
    {
        var attempts = new ItemAttempts(chunk.Clock, chunk.Tries);
        if (limits.Retries is { } retries)
        {
            return RetryAsync(retries, chunk, item, attempts);
        }

        attempts.TryBegin();
        return CallAsync(chunk, item, attempts);
    }

    private async ValueTask<TOut> RetryAsync(ResiliencePipeline retries, ChunkRun chunk, TIn item, ItemAttempts attempts)
    {
        var context = ItemLimits.CreateContext(attempts, chunk.CancellationToken);
        try
        {
            var outcome = await retries.ExecuteOutcomeAsync(AttemptAsync, context, (Function: this, chunk, item, attempts)).ConfigureAwait(false);
            if (outcome.Exception is { } exception)
            {
                ExceptionDispatchInfo.Throw(exception);
            }

            return outcome.Result!;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static async ValueTask<Outcome<TOut>> AttemptAsync(
        ResilienceContext context, (GuardedFunction<TIn, TOut> Function, ChunkRun Chunk, TIn Item, ItemAttempts Attempts) call)
    {
        if (!call.Attempts.TryBegin())
        {
            return Outcome.FromException<TOut>(new TimeUpException(TimeSpan.Zero, TimeSpan.Zero, null));
        }

        try
        {
            return Outcome.FromResult(await call.Function.CallAsync(call.Chunk, call.Item, call.Attempts).ConfigureAwait(false));
        }
        catch (Exception exception)
        {
            return Outcome.FromException<TOut>(exception);
        }
    }

    private async ValueTask<TOut> CallAsync(ChunkRun chunk, TIn item, ItemAttempts attempts)
    {
        chunk.BeginAttempt(attempts);
        Exception? end = null;
        TOut? result = default;
        try
        {
            result = function.IsAsync
                ? await function.InvokeAsync(item, chunk.Context.CancellationToken).ConfigureAwait(false)
                : function.Invoke(item, chunk.Context.CancellationToken);
        }
        catch (Exception exception)
        {
            end = exception;
        }

        if (chunk.Clock is { } clock && clock.End() is var elapsed && elapsed >= clock.Timeout && !chunk.IsCancelled)
        {
            throw new TimeUpException(clock.Timeout, elapsed, end);
        }

        if (end is not null)
        {
            ExceptionDispatchInfo.Throw(end);
        }

        return result!;
    }
}
