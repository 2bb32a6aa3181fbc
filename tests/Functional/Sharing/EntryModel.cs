using Cluster.TestKit.Linearizability;

namespace Cluster.Functional.Sharing;

/// <summary>One entry of a dictionary, as one caller after another sees it. Versions are the coordinator's choice, but they grow, and every write has its own.</summary>
internal sealed class EntryModel : SequentialModel<EntryState, EntryCall, EntryResult>
{
    public override EntryState Initial { get; } = new(null, 0, 0);

    public override bool IsRead(Operation<EntryCall, EntryResult> operation) =>
        operation.Call.Verb == EntryVerb.Get || (operation.Returned is not null && !operation.Result!.Done);

    public override bool TryStep(EntryState state, Operation<EntryCall, EntryResult> operation, out EntryState next)
    {
        var after = operation.Returned is null ? Untold(state, operation.Call) : Told(state, operation.Call, operation.Result!);
        next = after ?? state;
        return after is not null;
    }

    private static EntryState Untold(EntryState state, EntryCall call) => call.Verb switch
    {
        EntryVerb.Set => state.Changed(call.Value),
        EntryVerb.CompareAndSet when state.MayHave(call.Version) => state.Changed(call.Value),
        EntryVerb.TryAdd when state.Value is null => state.Changed(call.Value),
        EntryVerb.Increment => state.Changed((state.Value ?? 0) + call.Value),
        EntryVerb.Remove => new EntryState(null, 0, state.Floor),
        _ => state,
    };

    // Null: that cannot have come of it.
    private static EntryState? Told(EntryState state, EntryCall call, EntryResult result)
    {
        var isThere = state.Value is not null;
        return call.Verb switch
        {
            EntryVerb.Get when !result.Done => isThere ? null : state,
            EntryVerb.Get => isThere && result.Value == state.Value && state.MayHave(result.Version) ? EntryState.Told(result.Value, result.Version) : null,
            EntryVerb.Set => result.Version > state.Floor ? EntryState.Told(call.Value, result.Version) : null,
            EntryVerb.CompareAndSet => Compare(state, call, result),
            EntryVerb.TryAdd when result.Done => isThere ? null : state.Changed(call.Value),
            EntryVerb.TryAdd => isThere ? state : null,
            EntryVerb.Increment => result.Value == (state.Value ?? 0) + call.Value ? state.Changed(result.Value) : null,
            _ => result.Done == isThere ? new EntryState(null, 0, state.Floor) : null,
        };
    }

    private static EntryState? Compare(EntryState state, EntryCall call, EntryResult result)
    {
        if (result.Done)
        {
            return state.MayHave(call.Version) && result.Version > state.Floor && result.Version > call.Version ? EntryState.Told(call.Value, result.Version) : null;
        }

        // It says what is there instead.
        return !state.MayHave(result.Version) || result.Version == call.Version ? null
            : result.Version == 0 ? state
            : EntryState.Told(state.Value, result.Version);
    }
}
