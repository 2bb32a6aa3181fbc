using Cluster.Protocol.V1;
using static Cluster.Coordinator.Objects.Requests.OperationEffect;
using Case = Cluster.Protocol.V1.ObjectRequest.OperationOneofCase;
using Kinds = Cluster.Coordinator.Objects.Requests.ObjectKinds;

namespace Cluster.Coordinator.Objects.Requests;

/// <summary>What is to be known of an operation before it is executed. The one place that says which operations change something.</summary>
internal readonly record struct Operation(OperationEffect Effect, ObjectKinds Kinds)
{
    /// <summary>What an operation is; null: this coordinator does not know it.</summary>
    public static Operation? Of(Case operation) => operation switch
    {
        Case.Open or Case.Attach or Case.Release or Case.Delete or Case.Cancel => new(Change, Kinds.None),
        Case.ListObjects => new(Read, Kinds.None),
        Case.DictGet or Case.DictGetMany or Case.DictContains or Case.DictCount or Case.DictItems or Case.DictWatch => new(Read, Kinds.Dictionaries),
        Case.DictSet or Case.DictSetMany or Case.DictTryAdd or Case.DictGetOrAdd or Case.DictCompareAndSet or Case.DictIncrement => new(Change, Kinds.Dictionaries),
        Case.DictRemove or Case.DictPop or Case.DictPopItem or Case.DictClear => new(Change, Kinds.Dictionaries),
        Case.ListGet or Case.ListSlice or Case.ListIndexOf or Case.ListCount => new(Read, Kinds.List),
        Case.ListAppend or Case.ListInsert or Case.ListSet or Case.ListPop or Case.ListRemove => new(Change, Kinds.List),
        Case.ListReverse or Case.ListReplace or Case.ListClear => new(Change, Kinds.List),
        Case.QueueStatus or Case.QueueJoin => new(Read, Kinds.Queue),
        Case.QueuePut or Case.QueueGet or Case.QueueAcknowledge or Case.QueueReturn or Case.QueueTaskDone or Case.QueueShutdown => new(Change, Kinds.Queue),
        Case.PipePoll => new(Read, Kinds.Pipe),
        Case.PipeSend or Case.PipeReceive or Case.PipeClose => new(Change, Kinds.Pipe),
        Case.CellGet or Case.CellSlice => new(Read, Kinds.Cells),
        Case.CellSet or Case.CellSetSlice or Case.CellAdd or Case.CellExchange or Case.CellCompareExchange => new(Change, Kinds.Cells),
        Case.LockStatus => new(Read, Kinds.Locks),
        Case.LockAcquire or Case.LockRelease => new(Change, Kinds.Locks),
        Case.SemaphoreStatus => new(Read, Kinds.Semaphore),
        Case.SemaphoreAcquire or Case.SemaphoreRelease => new(Change, Kinds.Semaphore),
        Case.EventIsSet or Case.EventWait => new(Read, Kinds.Event),
        Case.EventSet or Case.EventClear => new(Change, Kinds.Event),
        Case.ConditionWait or Case.ConditionNotify => new(Change, Kinds.Condition),
        Case.BarrierStatus => new(Read, Kinds.Barrier),
        Case.BarrierWait or Case.BarrierAbort or Case.BarrierReset or Case.BarrierRelease => new(Change, Kinds.Barrier),
        _ => null,
    };

    /// <summary>Whether an object of this kind takes the operation.</summary>
    public bool Suits(ObjectKind kind) => ((int)Kinds & (1 << (int)kind)) != 0;
}
