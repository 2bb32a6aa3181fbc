using Cluster.Protocol.V1;

namespace Cluster.Unit.Coordinator.Objects.Locks;

/// <summary>Requests of locks and of what is built on them.</summary>
internal static class OnLock
{
    public static ObjectRequest Acquire(ulong owner = 0) => new() { LockAcquire = new LockAcquire { Owner = owner } };

    public static ObjectRequest Release(ulong owner = 0, ulong token = 0) => new() { LockRelease = new LockRelease { Owner = owner, Token = token } };

    public static ObjectRequest Status => new() { LockStatus = new LockStatus() };

    public static ObjectRequest Take(bool consume = false) => new() { SemaphoreAcquire = new SemaphoreAcquire { Consume = consume } };

    public static ObjectRequest Give(uint count = 0) => new() { SemaphoreRelease = new SemaphoreRelease { Count = count } };

    public static ObjectRequest Permits => new() { SemaphoreStatus = new SemaphoreStatus() };

    public static ObjectRequest Wait(ulong owner = 0) => new() { ConditionWait = new ConditionWait { Owner = owner } };

    public static ObjectRequest Notify(uint count = 0, ulong owner = 0) => new() { ConditionNotify = new ConditionNotify { Count = count, Owner = owner } };

    public static ObjectRequest NotifyAll => new() { ConditionNotify = new ConditionNotify { All = true } };

    public static ObjectRequest Meet => new() { BarrierWait = new BarrierWait() };

    public static ObjectRequest Abort => new() { BarrierAbort = new BarrierAbort() };

    public static ObjectRequest Reset => new() { BarrierReset = new BarrierReset() };

    public static ObjectRequest Barrier => new() { BarrierStatus = new BarrierStatus() };

    public static ObjectRequest Cancel(ulong number) => new() { Cancel = new ObjectCancel { Request = number } };
}
