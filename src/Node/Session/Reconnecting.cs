using Cluster.Node.Telemetry;
using Polly;
using Polly.Retry;

namespace Cluster.Node.Session;

/// <summary>How often the node dials: at once, then ever more slowly, with jitter so that many nodes do not dial in step.</summary>
internal static class Reconnecting
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Noteworthy = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Last = TimeSpan.FromSeconds(1);

    public static ResiliencePipeline Pipeline(string address, TimeProvider time, Random random, ILogger logger) =>
        new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<SessionLostException>(),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = First,
                MaxDelay = Last,
                Randomizer = random.NextDouble,
                OnRetry = retry =>
                {
                    NodeMetrics.Redials.Add(1);
                    // Node and coordinator are often started together: the tries of the first second are no news.
                    var level = retry.RetryDelay < Noteworthy ? LogLevel.Debug : LogLevel.Warning;
                    NodeLog.DiallingAgain(logger, level, address, retry.Outcome.Exception?.Message ?? "", retry.RetryDelay, retry.AttemptNumber + 1);
                    return default;
                },
            })
            .Build();
}
