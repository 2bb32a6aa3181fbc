namespace Cluster.Client.Jobs;

/// <summary>What the lazy verbs return: each iteration is a job of its own.</summary>
internal sealed class LazySequence<TResult>(Func<LazyJob> job, CancellationToken fromCall) : IAsyncEnumerable<TResult>
{
    public IAsyncEnumerator<TResult> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        new LazyReader<TResult>(job(), fromCall, cancellationToken);
}
