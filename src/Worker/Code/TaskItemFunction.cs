using Cluster.Protocol.Batches;

namespace Cluster.Worker.Code;

/// <summary>A function that returns <see cref="Task{TResult}"/>.</summary>
internal sealed class TaskItemFunction<TIn, TOut>(Func<TIn, CancellationToken, Task<TOut>> call) : AsyncItemFunction<TIn, TOut>
{
    public override ValueTask<TOut> InvokeAsync(TIn item, CancellationToken cancellationToken) => new(NotNull(call(item, cancellationToken)));
}

/// <summary>A function that returns <see cref="Task"/>.</summary>
internal sealed class TaskItemFunction<TIn>(Func<TIn, CancellationToken, Task> call) : AsyncItemFunction<TIn, Nothing>
{
    public override async ValueTask<Nothing> InvokeAsync(TIn item, CancellationToken cancellationToken)
    {
        await NotNull(call(item, cancellationToken));
        return default;
    }
}
