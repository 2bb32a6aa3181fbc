using Cluster.Protocol;
using Cluster.Protocol.V1;
using Polly;
using Polly.Retry;

namespace Cluster.Worker.Running;

/// <summary>What a job says about single items: how long an attempt may take, and how many there are.</summary>
internal sealed class ItemLimits
{
    private static readonly ResiliencePropertyKey<ItemAttempts> AttemptsKey = new("attempts");

    private readonly TimeSpan? _timeout;
    private readonly TimeProvider _time;
    private int _isAnnounced;

    private ItemLimits(JobSpec spec, TimeProvider time)
    {
        _time = time;
        _timeout = spec.ItemTimeout?.ToTimeSpan();
        Retries = spec.Retry is { MaxAttempts: > 1 } policy ? Pipeline(policy, time) : null;
    }

    /// <summary>Calls again what failed; null where the job does not want that.</summary>
    public ResiliencePipeline? Retries { get; }

    /// <summary>Reads a job's limits; null where it has none, and its items need no looking after.</summary>
    public static ItemLimits? Of(JobSpec spec, TimeProvider time) =>
        spec.ItemTimeout is null && spec.Retry is null ? null : new ItemLimits(spec, time);

    /// <summary>
    /// Whether the node has to be told that the first item begins now. It cannot know how long loading the code takes, which is not the item's time, and a
    /// worker that is stopped right after it will not say so any more.
    /// </summary>
    /// <returns>True once, and for jobs with a limited time only.</returns>
    public bool TakeAnnouncement() => _timeout is not null && Interlocked.Exchange(ref _isAnnounced, 1) == 0;

    /// <summary>A clock for the items of one chunk; null where they may take as long as they like.</summary>
    public ItemClock? CreateClock() => _timeout is { } timeout ? new ItemClock(timeout, _time) : null;

    /// <summary>What the pipeline needs to know of the item that it calls the function on.</summary>
    public static ResilienceContext CreateContext(ItemAttempts attempts, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(AttemptsKey, attempts);
        return context;
    }

    private static ResiliencePipeline Pipeline(RetryPolicy policy, TimeProvider time) => new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = (int)policy.MaxAttempts - 1,
            Delay = policy.Delay?.ToTimeSpan() ?? TimeSpan.Zero,
            MaxDelay = policy.MaxDelay?.ToTimeSpan(),
            UseJitter = policy.Jitter,
            BackoffType = policy.Backoff switch
            {
                Backoff.Exponential => DelayBackoffType.Exponential,
                Backoff.Linear => DelayBackoffType.Linear,
                _ => DelayBackoffType.Constant,
            },
            ShouldHandle = arguments => ValueTask.FromResult(
                arguments.Outcome.Exception is { } exception && !arguments.Context.CancellationToken.IsCancellationRequested && IsWorthwhile(policy, exception)),

            // Attempts that ended with another worker are passed over; only the wait that follows the last of them is still due.
            DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(
                AttemptsOf(arguments.Context).IsCarried(arguments.AttemptNumber + 1) ? TimeSpan.Zero : null),
            OnRetry = arguments =>
            {
                AttemptsOf(arguments.Context).Clock?.Wait(arguments.RetryDelay);
                return ValueTask.CompletedTask;
            },
        })
        .Build();

    private static ItemAttempts AttemptsOf(ResilienceContext context) => context.Properties.GetValue(AttemptsKey, null!);

    private static bool IsWorthwhile(RetryPolicy policy, Exception exception) => exception switch
    {
        TimeUpException => RetryFilter.HandlesTimeouts(policy),

        // It would not fit the next time either.
        Code.CodeException => false,
        _ => RetryFilter.Handles(policy, exception),
    };
}
