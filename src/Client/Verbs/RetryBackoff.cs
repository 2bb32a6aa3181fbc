namespace Cluster.Client;

/// <summary>How the wait grows from one attempt to the next.</summary>
public enum RetryBackoff
{
    /// <summary>It doubles each time.</summary>
    Exponential,

    /// <summary>It grows by <see cref="RetryOptions.Delay"/> each time.</summary>
    Linear,

    /// <summary>It is <see cref="RetryOptions.Delay"/> each time.</summary>
    Constant,
}
