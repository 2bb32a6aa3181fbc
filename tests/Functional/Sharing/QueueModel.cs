using Cluster.TestKit.Linearizability;

namespace Cluster.Functional.Sharing;

/// <summary>
/// A queue with a capacity, as one caller after another sees it. A call is the item to put, or 0 to get one; the result is the item that was put or got; 0: there was no
/// room, or none.
/// </summary>
internal sealed class QueueModel(int capacity) : SequentialModel<QueueState, int, int>
{
    public const int Get = 0;

    public override QueueState Initial { get; } = new([]);

    public override bool IsRead(Operation<int, int> operation) => operation.Returned is not null && operation.Result == 0;

    public override bool TryStep(QueueState state, Operation<int, int> operation, out QueueState next)
    {
        var items = state.Items;
        var isTold = operation.Returned is not null;
        next = state;
        if (operation.Call == Get)
        {
            if (items.Length > 0 && (!isTold || operation.Result == items[0]))
            {
                next = new QueueState(items.RemoveAt(0));
                return true;
            }

            return items.Length == 0 && (!isTold || operation.Result == 0);
        }

        if (items.Length < capacity && (!isTold || operation.Result == operation.Call))
        {
            next = new QueueState(items.Add(operation.Call));
            return true;
        }

        return items.Length == capacity && (!isTold || operation.Result == 0);
    }
}
