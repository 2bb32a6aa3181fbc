using Cluster.TestKit.Linearizability;

namespace Cluster.Functional.Sharing;

/// <summary>A lock, as one caller after another sees it. A call is the token to release, or 0 to acquire, whose result is a token; 0: not in time.</summary>
internal sealed class LockModel : SequentialModel<LockState, long, long>
{
    public const long Acquire = 0;

    public override LockState Initial { get; } = new(0, 0);

    public override bool IsRead(Operation<long, long> operation) => operation.Call == Acquire && operation.Returned is not null && operation.Result == 0;

    public override bool TryStep(LockState state, Operation<long, long> operation, out LockState next)
    {
        next = state;
        var isTold = operation.Returned is not null;
        if (operation.Call != Acquire)
        {
            next = state.Holder == operation.Call ? state with { Holder = 0 } : state;
            return !isTold || state.Holder == operation.Call;
        }

        if (isTold && operation.Result == 0)
        {
            return state.Holder != 0;
        }

        next = isTold ? new LockState(operation.Result, operation.Result) : state with { Holder = LockState.Untold };
        return state.Holder == 0 && (!isTold || operation.Result > state.Last);
    }
}
