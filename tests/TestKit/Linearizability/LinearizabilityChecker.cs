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
        List<Operation<TCall, TResult>> operations = [.. history.OrderBy(static operation => operation.Invoked)];
        if (IsExplained(model, [model.Initial], operations))
        {
            return null;
        }

        var (states, part) = LastPart(model, ShortestBeginning(model, operations));
        part = WithoutReads(model, states, part);
        IReadOnlyList<int> longest = [];
        foreach (var state in states)
        {
            _ = new ExplanationSearch<TState, TCall, TResult>(model, part, mostSteps).TryFind(state, out var explained);
            longest = explained.Count > longest.Count ? explained : longest;
        }

        return new Violation(
            [.. states.Select(static state => state.ToString() ?? "")],
            [.. part.Select(static operation => operation.ToString())],
            [.. longest.Select(number => part[number].ToString())]);
    }

    // Whatever begins with what cannot be explained cannot be explained either, so the shortest such beginning is found by halving.
    private List<Operation<TCall, TResult>> ShortestBeginning<TState, TCall, TResult>(SequentialModel<TState, TCall, TResult> model, List<Operation<TCall, TResult>> operations)
        where TState : IEquatable<TState>
    {
        long[] ends = [.. operations.Where(static operation => operation.Returned is not null).Select(static operation => operation.Returned!.Value).Order()];
        var (good, bad) = (-1, ends.Length - 1);
        while (bad - good > 1)
        {
            var middle = (good + bad) / 2;
            (good, bad) = IsExplained(model, [model.Initial], Until(operations, ends[middle])) ? (middle, bad) : (good, middle);
        }

        return Until(operations, ends[bad]);
    }

    // Where nothing was under way what came before is over: all that it means for the rest are the states that it may have led to.
    private (IReadOnlyCollection<TState> States, List<Operation<TCall, TResult>> Part) LastPart<TState, TCall, TResult>(
        SequentialModel<TState, TCall, TResult> model, List<Operation<TCall, TResult>> operations)
        where TState : IEquatable<TState>
    {
        IReadOnlyCollection<TState> states = [model.Initial];
        var (begin, busyUntil) = (0, long.MinValue);
        for (var number = 0; number < operations.Count; number++)
        {
            if (number > begin && operations[number].Invoked > busyUntil)
            {
                var search = new ExplanationSearch<TState, TCall, TResult>(model, operations[begin..number], mostSteps);
                states = [.. states.SelectMany(search.FindAllEnds).Distinct()];
                begin = number;
            }

            busyUntil = Math.Max(busyUntil, operations[number].Returned ?? long.MaxValue);
        }

        return (states, operations[begin..]);
    }

    // A read that can go without making the rest explicable is no part of the reason. Other calls may be what the reader looks for, of unknown outcome too.
    private List<Operation<TCall, TResult>> WithoutReads<TState, TCall, TResult>(
        SequentialModel<TState, TCall, TResult> model, IReadOnlyCollection<TState> states, List<Operation<TCall, TResult>> operations)
        where TState : IEquatable<TState>
    {
        for (var number = operations.Count - 1; number >= 0; number--)
        {
            if (model.IsRead(operations[number]))
            {
                List<Operation<TCall, TResult>> without = [.. operations[..number], .. operations[(number + 1)..]];
                operations = IsExplained(model, states, without) ? operations : without;
            }
        }

        return operations;
    }

    private bool IsExplained<TState, TCall, TResult>(
        SequentialModel<TState, TCall, TResult> model, IReadOnlyCollection<TState> states, List<Operation<TCall, TResult>> operations)
        where TState : IEquatable<TState> =>
        states.Any(state => new ExplanationSearch<TState, TCall, TResult>(model, operations, mostSteps).TryFind(state, out _));

    private static List<Operation<TCall, TResult>> Until<TCall, TResult>(List<Operation<TCall, TResult>> operations, long end) =>
    [
        .. operations.Where(operation => operation.Invoked < end).Select(operation => operation.Returned > end ? operation with { Returned = null } : operation),
    ];
}
