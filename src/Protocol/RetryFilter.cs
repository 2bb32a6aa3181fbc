using Cluster.Protocol.V1;

namespace Cluster.Protocol;

/// <summary>
/// After which failures an item is tried again. The worker asks for what the function threw, the coordinator for timeouts that cost the worker; both must
/// come to the same answer.
/// </summary>
public static class RetryFilter
{
    /// <summary>The most attempts that a policy may ask for.</summary>
    public const uint MaxAttempts = 1000;

    // As the SDK declares it; it is not known here.
    private static readonly string[] TimeoutTypes =
        ["Cluster.Client.TaskTimeoutException", "System.TimeoutException", "System.SystemException", "System.Exception"];

    /// <summary>The longest delay that a policy may ask for.</summary>
    public static TimeSpan MaxDelay { get; } = TimeSpan.FromHours(24);

    /// <summary>The longest time that an item may be given: what every timer takes.</summary>
    public static TimeSpan MaxTimeout { get; } = TimeSpan.FromDays(24);

    /// <summary>Whether to try again after an exception.</summary>
    public static bool Handles(RetryPolicy policy, Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return Handles(policy, [.. NamesOf(exception.GetType())]);
    }

    /// <summary>Whether to try again when an item's time was up.</summary>
    public static bool HandlesTimeouts(RetryPolicy policy) => Handles(policy, TimeoutTypes);

    private static bool Handles(RetryPolicy policy, string[] types)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return (policy.Handle.Count == 0 || policy.Handle.Any(name => IsAmong(types, name))) && !policy.Ignore.Any(name => IsAmong(types, name));
    }

    private static bool IsAmong(string[] types, string name) => Array.Exists(types, type =>
        type.EndsWith(name, StringComparison.Ordinal)
        && (type.Length == name.Length || (type[^(name.Length + 1)] == '.' && !name.Contains('.', StringComparison.Ordinal))));

    private static IEnumerable<string> NamesOf(Type? type)
    {
        for (; type is not null && type != typeof(object); type = type.BaseType)
        {
            yield return type.FullName ?? type.Name;
        }
    }
}
