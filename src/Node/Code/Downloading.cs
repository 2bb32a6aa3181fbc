using Grpc.Core;
using Polly;
using Polly.Retry;

namespace Cluster.Node.Code;

/// <summary>How often a file is asked for: a few times, since the jobs that need it wait.</summary>
internal static class Downloading
{
    private const int Attempts = 4;

    // Some seconds: when a coordinator was started again, programs send it their broadcasts again.
    private const int AttemptsForBroadcasts = 8;

    /// <param name="time">The clock.</param>
    /// <param name="random">For jitter.</param>
    /// <param name="logger">Gets what people should know.</param>
    /// <param name="mayStillCome">Whether a file that the coordinator does not have may come by and by, as broadcasts do; code will not appear by asking again.</param>
    public static ResiliencePipeline Pipeline(TimeProvider time, Random random, ILogger logger, bool mayStillCome = false) =>
        new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder()
                    .Handle<RpcException>(exception => exception.StatusCode
                        is StatusCode.Unavailable or StatusCode.Aborted or StatusCode.ResourceExhausted or StatusCode.Internal or StatusCode.Unknown
                        || (mayStillCome && exception.StatusCode == StatusCode.NotFound))
                    .Handle<InvalidDataException>(),
                MaxRetryAttempts = (mayStillCome ? AttemptsForBroadcasts : Attempts) - 1,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromMilliseconds(100),
                MaxDelay = TimeSpan.FromSeconds(2),
                Randomizer = random.NextDouble,
                OnRetry = retry =>
                {
                    NodeLog.DownloadAgain(logger, retry.Outcome.Exception?.Message ?? "", retry.RetryDelay);
                    return default;
                },
            })
            .Build();
}
