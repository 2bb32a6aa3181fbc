using Cluster.TestKit.Linearizability;

namespace Cluster.Unit.Linearizability;

/// <summary>A number that is written and read: a positive call writes it, 0 reads.</summary>
internal sealed class RegisterModel : SequentialModel<int, int, int>
{
    public const int Read = 0;

    public override int Initial => 0;

    public override bool TryStep(int state, Operation<int, int> operation, out int next)
    {
        next = operation.Call == Read ? state : operation.Call;
        return operation.Call != Read || operation.Returned is null || operation.Result == state;
    }

    public override bool IsRead(Operation<int, int> operation) => operation.Call == Read;
}
