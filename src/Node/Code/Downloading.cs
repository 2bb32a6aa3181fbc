using Grpc.Core;
using Polly;
using Polly.Retry;

namespace Cluster.Node.Code;

/// <summary>How often a file is asked for: a few times, since the jobs that need it wait.</summary>
internal static class Downloading
{
    private const int Attempts = 4;

    public static ResiliencePipeline Pipeline(TimeProvider time, Random random, ILogger logger) =>
        new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                // A file that the coordinator does not have will not appear by asking again.
                ShouldHandle = new PredicateBuilder()
                    .Handle<RpcException>(exception => exception.StatusCode
                        is StatusCode.Unavailable or StatusCode.Aborted or StatusCode.ResourceExhausted or StatusCode.Internal or StatusCode.Unknown)
                    .Handle<InvalidDataException>(),
                MaxRetryAttempts = Attempts - 1,
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
