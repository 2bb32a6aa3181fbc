namespace Cluster.Worker.Code;

/// <summary>A function that returns its result, or nothing.</summary>
internal sealed class SyncItemFunction<TIn, TOut>(Func<TIn, CancellationToken, TOut> call) : ItemFunction<TIn, TOut>
{
    public override bool IsAsync => false;

    public override TOut Invoke(TIn item, CancellationToken cancellationToken) => call(item, cancellationToken);

    public override ValueTask<TOut> InvokeAsync(TIn item, CancellationToken cancellationToken) => new(call(item, cancellationToken));
}
