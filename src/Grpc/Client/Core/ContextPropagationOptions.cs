namespace Grpc.Core;

/// <summary>What is taken over from a call that is being served.</summary>
/// <param name="propagateDeadline">Whether its deadline is.</param>
/// <param name="propagateCancellation">Whether its cancellation is.</param>
public class ContextPropagationOptions(bool propagateDeadline = true, bool propagateCancellation = true)
{
    /// <summary>Deadline and cancellation.</summary>
    public static readonly ContextPropagationOptions Default = new();

    /// <summary>Whether the deadline is taken over.</summary>
    public bool IsPropagateDeadline { get; } = propagateDeadline;

    /// <summary>Whether cancellation is taken over.</summary>
    public bool IsPropagateCancellation { get; } = propagateCancellation;
}
