namespace Cluster.Coordinator.Functions.Registered;

/// <summary>Functions cannot be registered as they are. The message is meant for whoever wanted to.</summary>
internal sealed class RegistrationRejectedException(string field, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>The field of the request that is to blame.</summary>
    public string Field { get; } = field;
}
