using System.Threading.RateLimiting;

namespace Cluster.Coordinator.Hosting.Access;

/// <summary>How many jobs and uploads each caller may begin: so many a second in the long run, and ten times as many at once.</summary>
internal sealed class CallRate : IAsyncDisposable
{
    private const int Burst = 10;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly PartitionedRateLimiter<string> _limiter;

    /// <param name="callsPerSecond">The limit.</param>
    public CallRate(int callsPerSecond) => _limiter = PartitionedRateLimiter.Create<string, string>(caller => RateLimitPartition.GetTokenBucketLimiter(
        caller,
        _ => new TokenBucketRateLimiterOptions { TokenLimit = Burst * callsPerSecond, TokensPerPeriod = callsPerSecond, ReplenishmentPeriod = Period, AutoReplenishment = true }));

    /// <summary>Counts a call.</summary>
    /// <param name="caller">Whose.</param>
    /// <returns>Whether it is within the limit.</returns>
    public bool TryBegin(string caller)
    {
        using var lease = _limiter.AttemptAcquire(caller);
        return lease.IsAcquired;
    }

    public ValueTask DisposeAsync() => _limiter.DisposeAsync();
}
