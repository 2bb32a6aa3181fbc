namespace Cluster.TestKit.Linearizability;

/// <summary>What an object does when its callers come one after another.</summary>
/// <typeparam name="TState">Its state: equal to another if nobody can tell them apart.</typeparam>
/// <typeparam name="TCall">What it is asked.</typeparam>
/// <typeparam name="TResult">What comes of it.</typeparam>
public abstract class SequentialModel<TState, TCall, TResult>
    where TState : IEquatable<TState>
{
    /// <summary>Before the first call.</summary>
    public abstract TState Initial { get; }

    /// <summary>Carries out one call.</summary>
    /// <param name="state">Before it.</param>
    /// <param name="operation">The call with its result, which has to be one that the object may have given; where it is not known, any.</param>
    /// <param name="next">After it.</param>
    /// <returns>False: in this state the call cannot have had this result.</returns>
    public abstract bool TryStep(TState state, Operation<TCall, TResult> operation, out TState next);

    /// <summary>Whether a call with this result changes no state: what is left out of a report when it does not matter.</summary>
    public abstract bool IsRead(Operation<TCall, TResult> operation);
}
