using Microsoft.Extensions.Logging;

namespace Cluster.Client.Futures;

/// <summary>What a future needs of the job that runs its task. Tests stand in for a job.</summary>
internal interface IFutureOwner
{
    /// <summary>Identifies the job within this process.</summary>
    string Id { get; }

    TimeProvider TimeProvider { get; }

    ILogger Logger { get; }

    /// <summary>Withdraws a task, now or as soon as it has been sent.</summary>
    void CancelItem(long index, bool force);
}
