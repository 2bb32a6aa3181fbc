namespace Cluster.Worker.Code;

/// <summary>What the asynchronous forms have in common: they can only be awaited.</summary>
internal abstract class AsyncItemFunction<TIn, TOut> : ItemFunction<TIn, TOut>
{
    public sealed override bool IsAsync => true;

    public sealed override TOut Invoke(TIn item, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("The function is asynchronous: await InvokeAsync.");

    /// <summary>A function may return null where a task is expected; the reader of the error should not have to guess who did.</summary>
    protected static TTask NotNull<TTask>(TTask? task)
        where TTask : class =>
        task ?? throw new InvalidOperationException("The function returned null instead of a task.");
}
