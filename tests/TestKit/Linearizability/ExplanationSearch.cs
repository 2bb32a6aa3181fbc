namespace Cluster.TestKit.Linearizability;

/// <summary>Looks for the orders of some operations that explain their results.</summary>
/// <param name="model">What the object does.</param>
/// <param name="operations">The operations.</param>
/// <param name="mostSteps">How many to try before giving up.</param>
internal sealed class ExplanationSearch<TState, TCall, TResult>(
    SequentialModel<TState, TCall, TResult> model, IReadOnlyList<Operation<TCall, TResult>> operations, long mostSteps)
    where TState : IEquatable<TState>
{
    /// <summary>Looks for one.</summary>
    /// <param name="initial">The state at the beginning.</param>
    /// <param name="longest">It, or the longest part of one.</param>
    public bool TryFind(TState initial, out IReadOnlyList<int> longest) => Search(initial, null, out longest);

    /// <summary>The states at the end of all of them, of operations whose outcomes are all known.</summary>
    /// <param name="initial">The state at the beginning.</param>
    public IReadOnlyCollection<TState> FindAllEnds(TState initial)
    {
        HashSet<TState> ends = [];
        Search(initial, ends, out _);
        return ends;
    }

    private bool Search(TState initial, HashSet<TState>? ends, out IReadOnlyList<int> longest)
    {
        var head = HistoryNode.ListOf(operations);
        var left = operations.Count(static operation => operation.Returned is not null);
        var (state, done) = (initial, new OperationSet(operations.Count));
        HashSet<(OperationSet, TState)> tried = [];
        Stack<(HistoryNode Node, TState State, OperationSet Done)> path = [];
        longest = [];
        var node = head.Next;
        var steps = 0L;
        while (left > 0 || ends is not null)
        {
            if (++steps > mostSteps)
            {
                throw new InvalidOperationException($"No explanation of {operations.Count} operations was found or ruled out in {mostSteps} steps. Record shorter histories.");
            }

            if (left > 0 && node!.IsCall)
            {
                if (model.TryStep(state, operations[node.Number], out var next) && done.With(node.Number) is var more && tried.Add((more, next)))
                {
                    path.Push((node, state, done));
                    (state, done) = (next, more);
                    left -= node.Return is null ? 0 : 1;
                    node.Lift();
                    node = head.Next;
                }
                else
                {
                    node = node.Next;
                }

                continue;
            }

            if (left == 0)
            {
                ends!.Add(state);
            }

            // This one has returned, so it had its effect before: one of those that were placed before it has to go elsewhere. Or all are placed, and there may be another way.
            longest = path.Count > longest.Count ? Placed(path) : longest;
            if (!path.TryPop(out var step))
            {
                return ends?.Count > 0;
            }

            (node, state, done) = step;
            left += node.Return is null ? 0 : 1;
            node.Unlift();
            node = node.Next;
        }

        longest = Placed(path);
        return true;
    }

    private static int[] Placed(Stack<(HistoryNode Node, TState State, OperationSet Done)> path) => [.. path.Reverse().Select(static step => step.Node.Number)];
}
