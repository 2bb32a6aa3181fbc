using Cluster.Protocol.Batches;

namespace Cluster.Worker.Code;

/// <summary>A function that returns <see cref="ValueTask{TResult}"/>.</summary>
internal sealed class ValueTaskItemFunction<TIn, TOut>(Func<TIn, CancellationToken, ValueTask<TOut>> call) : AsyncItemFunction<TIn, TOut>
{
    public override ValueTask<TOut> InvokeAsync(TIn item, CancellationToken cancellationToken) => call(item, cancellationToken);
}

/// <summary>A function that returns <see cref="ValueTask"/>.</summary>
internal sealed class ValueTaskItemFunction<TIn>(Func<TIn, CancellationToken, ValueTask> call) : AsyncItemFunction<TIn, Nothing>
{
    public override async ValueTask<Nothing> InvokeAsync(TIn item, CancellationToken cancellationToken)
    {
        await call(item, cancellationToken);
        return default;
    }
}
