namespace Cluster.TestKit.Linearizability;

/// <summary>The call or the return of an operation, in the list of those that have not found their place yet.</summary>
/// <param name="number">Of its operation; -1: the head of the list.</param>
internal sealed class HistoryNode(int number)
{
    public int Number { get; } = number;

    /// <summary>Of a call: its return; null: there is none, or this is a return.</summary>
    public HistoryNode? Return { get; init; }

    public bool IsCall { get; init; }

    public HistoryNode? Previous { get; private set; }

    public HistoryNode? Next { get; private set; }

    /// <summary>Makes a list of a history.</summary>
    /// <returns>Its head.</returns>
    public static HistoryNode ListOf<TCall, TResult>(IReadOnlyList<Operation<TCall, TResult>> history)
    {
        List<(long At, HistoryNode Node)> nodes = [];
        for (var number = 0; number < history.Count; number++)
        {
            var operation = history[number];
            var returned = operation.Returned is null ? null : new HistoryNode(number);
            nodes.Add((operation.Invoked, new HistoryNode(number) { IsCall = true, Return = returned }));
            if (returned is not null)
            {
                nodes.Add((operation.Returned!.Value, returned));
            }
        }

        var head = new HistoryNode(-1);
        var last = head;
        // Of a call and a return at one time the call comes first: they may be in either order then.
        foreach (var (_, node) in nodes.OrderBy(static entry => entry.At).ThenBy(static entry => entry.Node.IsCall ? 0 : 1))
        {
            (last.Next, node.Previous) = (node, last);
            last = node;
        }

        return head;
    }

    /// <summary>Takes a call out, and its return.</summary>
    public void Lift()
    {
        Unlink();
        Return?.Unlink();
    }

    /// <summary>Undoes the last lift that was not undone.</summary>
    public void Unlift()
    {
        Return?.Relink();
        Relink();
    }

    private void Unlink()
    {
        Previous!.Next = Next;
        Next?.Previous = Previous;
    }

    private void Relink()
    {
        Previous!.Next = this;
        Next?.Previous = this;
    }
}
