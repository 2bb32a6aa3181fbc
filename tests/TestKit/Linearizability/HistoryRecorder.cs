using System.Collections.Concurrent;

namespace Cluster.TestKit.Linearizability;

/// <summary>Writes down concurrent calls: what is before what, whoever calls. Thread-safe.</summary>
public sealed class HistoryRecorder<TCall, TResult>
{
    private readonly ConcurrentQueue<Operation<TCall, TResult>> _operations = new();
    private long _now;

    /// <summary>What was written down.</summary>
    public IReadOnlyCollection<Operation<TCall, TResult>> Operations => _operations;

    /// <summary>Makes a call.</summary>
    /// <param name="client">Who calls.</param>
    /// <param name="call">What is asked.</param>
    /// <param name="run">Asks.</param>
    /// <param name="meaningOf">What a failure means for the history. Default (null), and where it says null: the history is worth nothing, and the failure is passed on.</param>
    /// <returns>What came of it; <c>default</c> if nobody knows, or nothing happened.</returns>
    public async Task<TResult?> RunAsync(int client, TCall call, Func<Task<TResult>> run, Func<Exception, FailedCall?>? meaningOf = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        var invoked = Interlocked.Increment(ref _now);
        try
        {
            var result = await run();
            _operations.Enqueue(new Operation<TCall, TResult>(client, call, result, invoked, Interlocked.Increment(ref _now)));
            return result;
        }
        catch (Exception exception) when (meaningOf?.Invoke(exception) is { } meaning)
        {
            if (meaning == FailedCall.Unknown)
            {
                _operations.Enqueue(new Operation<TCall, TResult>(client, call, default, invoked, null));
            }

            return default;
        }
    }
}
