using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;

namespace Cluster.Worker.Code;

/// <summary>A function that is bound anew for each item, to the values that were captured for it.</summary>
/// <param name="function">Whose method is called.</param>
/// <param name="arguments">How an item becomes its arguments.</param>
/// <param name="isAsync">Whether it returns a task of some kind.</param>
internal sealed class BoundItemFunction<TIn, TOut>(ResolvedFunction function, Arguments arguments, bool isAsync)
    : ItemFunction<BoundItem<TIn>, TOut>
{
    public override bool IsAsync => isAsync;

    public override TOut Invoke(BoundItem<TIn> item, CancellationToken cancellationToken) => Bind(item).Invoke(item.Item, cancellationToken);

    public override ValueTask<TOut> InvokeAsync(BoundItem<TIn> item, CancellationToken cancellationToken) =>
        Bind(item).InvokeAsync(item.Item, cancellationToken);

    private ItemFunction<TIn, TOut> Bind(BoundItem<TIn> item) => (ItemFunction<TIn, TOut>)function.CreateItemFunction(arguments, item.Captures);
}
