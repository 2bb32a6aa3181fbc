using System.Text.Json;

namespace Cluster.Interop.Doors.Callers;

/// <summary>A call that a foreign client makes. Disposing it gives it up.</summary>
internal abstract class ForeignCall : IAsyncDisposable
{
    /// <summary>The next reply.</summary>
    /// <returns>Null: the call has ended.</returns>
    public abstract Task<JsonElement?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>How the call ended; after the last reply.</summary>
    public abstract Task<CallEnd> EndAsync(CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}
