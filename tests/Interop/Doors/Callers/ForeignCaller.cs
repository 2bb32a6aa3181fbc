namespace Cluster.Interop.Doors.Callers;

/// <summary>A client that no one here wrote, and that knows the cluster by its descriptors only.</summary>
internal abstract class ForeignCaller : IAsyncDisposable
{
    /// <summary>Begins a call.</summary>
    public abstract ForeignCall Start(CallOrder order);

    public abstract ValueTask DisposeAsync();
}
