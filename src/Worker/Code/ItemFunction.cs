namespace Cluster.Worker.Code;

/// <summary>
/// The user's function seen as "one item in, one result out", whatever its real signature. Loops are written against
/// <see cref="ItemFunction{TIn, TOut}"/>, which <see cref="Accept"/> hands out with its types known to the compiler.
/// </summary>
internal abstract class ItemFunction
{
    /// <summary>
    /// The item: the parameter's type; a value tuple of the parameters' types where items are spread; <see cref="Protocol.Batches.Nothing"/> where
    /// there are no parameters. A cancellation token does not count as a parameter.
    /// </summary>
    public abstract Type InputType { get; }

    /// <summary>What a call yields in the end: never a task; <see cref="Protocol.Batches.Nothing"/> for functions that return nothing.</summary>
    public abstract Type OutputType { get; }

    /// <summary>Calls the visitor with this function, typed.</summary>
    public abstract TResult Accept<TResult>(IItemFunctionVisitor<TResult> visitor);
}

/// <summary>Receives a function together with its types, so that the code that follows is compiled for them and boxes nothing.</summary>
internal interface IItemFunctionVisitor<TResult>
{
    TResult Visit<TIn, TOut>(ItemFunction<TIn, TOut> function);
}

/// <summary>A function from items of one type to results of another. Safe to call from several threads if the user's code is.</summary>
/// <remarks>
/// Synchronous functions: call <see cref="Invoke"/>. Asynchronous ones (<see cref="IsAsync"/>): await <see cref="InvokeAsync"/>. What
/// the user's code throws comes out as it was thrown.
/// </remarks>
internal abstract class ItemFunction<TIn, TOut> : ItemFunction
{
    public sealed override Type InputType => typeof(TIn);

    public sealed override Type OutputType => typeof(TOut);

    /// <summary>Whether the function returns a task of some kind.</summary>
    public abstract bool IsAsync { get; }

    /// <summary>Calls a synchronous function.</summary>
    /// <exception cref="InvalidOperationException">The function is asynchronous.</exception>
    public abstract TOut Invoke(TIn item, CancellationToken cancellationToken);

    /// <summary>Calls the function, of either kind. A synchronous one has completed, or thrown, when this returns.</summary>
    public abstract ValueTask<TOut> InvokeAsync(TIn item, CancellationToken cancellationToken);

    public sealed override TResult Accept<TResult>(IItemFunctionVisitor<TResult> visitor) => visitor.Visit(this);
}
