using System.Globalization;

namespace Cluster.TestKit.Linearizability;

/// <summary>One call in a history.</summary>
/// <typeparam name="TCall">What was asked.</typeparam>
/// <typeparam name="TResult">What came of it.</typeparam>
/// <param name="Client">Who called.</param>
/// <param name="Call">What was asked.</param>
/// <param name="Result">What came of it; means nothing where nobody knows.</param>
/// <param name="Invoked">When it was called.</param>
/// <param name="Returned">When it returned, later than that. Null: nobody knows what came of it; it has its effect at any time after the call, or never.</param>
public sealed record Operation<TCall, TResult>(int Client, TCall Call, TResult? Result, long Invoked, long? Returned)
{
    /// <inheritdoc/>
    public override string ToString() => Returned is { } returned
        ? string.Create(CultureInfo.InvariantCulture, $"[{Invoked,5} ..{returned,5}] client {Client}: {Call} -> {Result}")
        : string.Create(CultureInfo.InvariantCulture, $"[{Invoked,5} ..    ?] client {Client}: {Call} -> unknown");
}
