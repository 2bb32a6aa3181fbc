namespace Cluster.Client;

/// <summary>
/// How to call a function again on an item on which it failed, in the terms of Polly. Immutable; use <c>with</c> to vary it. The worker does it, and is
/// occupied while it waits for the next attempt.
/// </summary>
/// <remarks>
/// Workers and nodes that are lost do not count: an item that moves to another worker has all its attempts before it, except those that were ended by
/// their timeout. What would repeat itself is not tried again: an argument that does not fit, code that cannot be loaded, a result that cannot be
/// sent.
/// </remarks>
public sealed record RetryOptions
{
    /// <summary>How often the function is called on an item at most, the first time included. From 1 to 1000; default 3.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside 1 to 1000.</exception>
    public int MaxAttempts
    {
        get;
        init => field = OptionCheck.Between(value, 1, 1000, nameof(MaxAttempts));
    } = 3;

    /// <summary>How long to wait before the second attempt, and what <see cref="Backoff"/> starts from. Default 200 ms.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or more than 24 hours.</exception>
    public TimeSpan Delay
    {
        get;
        init => field = OptionCheck.Delay(value, nameof(Delay));
    } = TimeSpan.FromMilliseconds(200);

    /// <summary>How the wait grows from one attempt to the next. Default: <see cref="RetryBackoff.Exponential"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a value of <see cref="RetryBackoff"/>.</exception>
    public RetryBackoff Backoff
    {
        get;
        init => field = (RetryBackoff)OptionCheck.Between((int)value, (int)RetryBackoff.Exponential, (int)RetryBackoff.Constant, nameof(Backoff));
    }

    /// <summary>No wait is longer than this. Default 30 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or more than 24 hours.</exception>
    public TimeSpan MaxDelay
    {
        get;
        init => field = OptionCheck.Delay(value, nameof(MaxDelay));
    } = TimeSpan.FromSeconds(30);

    /// <summary>Vary the waits at random, so that items that failed together do not try again together. Default: true.</summary>
    public bool UseJitter { get; init; } = true;

    /// <summary>
    /// Exceptions to try again after, derived types included: <c>[typeof(IOException), "Npgsql.NpgsqlException"]</c>. Default (empty): all. A timeout is a
    /// <see cref="TaskTimeoutException"/>.
    /// </summary>
    public IReadOnlyList<ExceptionType> Handle { get; init; } = [];

    /// <summary>Exceptions to give up after at once, derived types included, whatever <see cref="Handle"/> says. Default: none.</summary>
    public IReadOnlyList<ExceptionType> Ignore { get; init; } = [];
}
