using Cluster.Client.Jobs;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace Cluster.Client.Connection;

/// <summary>
/// How often a job dials that has no coordinator: at once, then ever more slowly, with jitter so that many jobs do not dial in step. Whoever dials decides for
/// how long, by what it throws.
/// </summary>
internal static class Redialling
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(20);

    // Whoever waits for a coordinator that is back waits for this at most.
    private static readonly TimeSpan Last = TimeSpan.FromSeconds(1);

    public static ResiliencePipeline Pipeline(string address, TimeProvider time, ILogger logger) =>
        new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<ConnectionBrokenException>(),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = First,
                MaxDelay = Last,
                OnRetry = retry =>
                {
                    ClientMetrics.Redials.Add(1);
                    JobLog.DiallingAgain(logger, address, retry.AttemptNumber + 1, retry.RetryDelay, retry.Outcome.Exception?.Message ?? "");
                    return default;
                },
            })
            .Build();
}
