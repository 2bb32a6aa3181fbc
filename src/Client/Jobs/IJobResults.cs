using Cluster.Protocol.V1;

namespace Cluster.Client.Jobs;

/// <summary>Where a job's answers go. Called by the loop that receives them, one call at a time.</summary>
internal interface IJobResults
{
    /// <summary>Items were handed to a worker; of a process, its id is known.</summary>
    void Start(long first, long count, string node, int processId);

    /// <summary>Items succeeded.</summary>
    void Add(ResultEntry entry, in RunFacts facts);

    /// <summary>An item failed.</summary>
    void Fail(ItemFailure failure, in RunFacts facts);

    /// <summary>Completes when more may be received: a reader that is slow holds the job back.</summary>
    ValueTask WaitForReaderAsync(CancellationToken cancellationToken);

    /// <summary>The job's connection has broken; unless its inputs are ended and answered, it goes on in another run.</summary>
    void Pause();

    /// <summary>Nothing more will come: every item was answered (null), or why not.</summary>
    void End(Exception? error);
}
