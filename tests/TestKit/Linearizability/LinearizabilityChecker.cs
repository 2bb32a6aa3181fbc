namespace Cluster.TestKit.Linearizability;

/// <summary>
/// Decides whether a history of concurrent calls can be explained by calls that take effect at one moment each, between call and return: Wing and Gong's search, which
/// remembers the sets of calls and states that it has tried, as Lowe does. Pure.
/// </summary>
/// <param name="mostSteps">How many it tries before it gives up.</param>
public sealed class LinearizabilityChecker(long mostSteps = 20_000_000)
{
    /// <summary>Looks for an explanation.</summary>
    /// <returns>What cannot be explained; null: everything can.</returns>
    /// <exception cref="InvalidOperationException">The search takes too long.</exception>
    public Violation? Check<TState, TCall, TResult>(SequentialModel<TState, TCall, TResult> model, IEnumerable<Operation<TCall, TResult>> history)
        where TState : IEquatable<TState>
    {
        ArgumentNullException.ThrowIfNull(model);
        List<Operation<TCall, TResult>> operations = [.. history];
        if (Explains(model, operations, out _))
        {
            return null;
        }

        var smallest = Shrink(model, operations);
        Explains(model, smallest, out var longest);
        return new Violation(
            [.. smallest.OrderBy(static operation => operation.Invoked).Select(static operation => operation.ToString())],
            [.. longest.Select(number => smallest[number].ToString())]);
    }

    private List<Operation<TCall, TResult>> Shrink<TState, TCall, TResult>(SequentialModel<TState, TCall, TResult> model, List<Operation<TCall, TResult>> operations)
        where TState : IEquatable<TState>
    {
        // Whatever begins with what cannot be explained cannot be explained either, so the shortest such beginning is found by halving.
        long[] ends = [.. operations.Where(static operation => operation.Returned is not null).Select(static operation => operation.Returned!.Value).Order()];
        var (good, bad) = (-1, ends.Length - 1);
        while (bad - good > 1)
        {
            var middle = (good + bad) / 2;
            (good, bad) = Explains(model, Until(operations, ends[middle]), out _) ? (middle, bad) : (good, middle);
        }

        // A read that can go without making the rest explicable is no part of the reason. Other calls may be what the reader looks for, of unknown outcome too.
        var smallest = Until(operations, ends[bad]);
        for (var number = smallest.Count - 1; number >= 0; number--)
        {
            if (model.IsRead(smallest[number].Call))
            {
                List<Operation<TCall, TResult>> without = [.. smallest[..number], .. smallest[(number + 1)..]];
                smallest = Explains(model, without, out _) ? smallest : without;
            }
        }

        return smallest;
    }

    private static List<Operation<TCall, TResult>> Until<TCall, TResult>(List<Operation<TCall, TResult>> operations, long end) =>
    [
        .. operations.Where(operation => operation.Invoked < end).Select(operation => operation.Returned > end ? operation with { Returned = null } : operation),
    ];

    private bool Explains<TState, TCall, TResult>(SequentialModel<TState, TCall, TResult> model, List<Operation<TCall, TResult>> operations, out IReadOnlyList<int> longest)
        where TState : IEquatable<TState>
    {
        var head = HistoryNode.ListOf(operations);
        var left = operations.Count(static operation => operation.Returned is not null);
        var (state, done) = (model.Initial, new OperationSet(operations.Count));
        HashSet<(OperationSet, TState)> tried = [];
        Stack<(HistoryNode Node, TState State, OperationSet Done)> path = [];
        int[] best = [];
        var node = head.Next;
        var steps = 0L;
        while (left > 0)
        {
            if (++steps > mostSteps)
            {
                throw new InvalidOperationException($"No explanation of {operations.Count} operations was found or ruled out in {mostSteps} steps. Record shorter histories.");
            }

            if (node!.IsCall)
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
            }
            else
            {
                // This one has returned, so it had its effect before: one of those that were placed before it has to go elsewhere.
                best = path.Count > best.Length ? [.. path.Reverse().Select(static step => step.Node.Number)] : best;
                if (!path.TryPop(out var step))
                {
                    longest = best;
                    return false;
                }

                (node, state, done) = step;
                left += node.Return is null ? 0 : 1;
                node.Unlift();
                node = node.Next;
            }
        }

        longest = [.. path.Reverse().Select(static step => step.Node.Number)];
        return true;
    }
}
