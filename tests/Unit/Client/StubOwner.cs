using Cluster.Client.Futures;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cluster.Unit.Client;

/// <summary>Stands in for the job of a future.</summary>
internal sealed class StubOwner(TimeProvider? time = null) : IFutureOwner
{
    public string Id => "stub";

    public TimeProvider TimeProvider { get; } = time ?? TimeProvider.System;

    public ILogger Logger => NullLogger.Instance;

    public List<(long Index, bool Force)> Cancelled { get; } = [];

    public void CancelItem(long index, bool force) => Cancelled.Add((index, force));
}
