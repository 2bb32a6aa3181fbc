namespace Cluster.Client;

/// <summary>What became of one item of a map.</summary>
/// <typeparam name="TResult">Type of the function's results.</typeparam>
public readonly record struct ItemOutcome<TResult>
{
    private readonly TResult _value;

    internal ItemOutcome(long index, TResult value)
    {
        Index = index;
        _value = value;
    }

    internal ItemOutcome(long index, Exception exception)
    {
        Index = index;
        _value = default!;
        Exception = exception;
    }

    /// <summary>Position of the item in the input, from 0.</summary>
    public long Index { get; }

    /// <summary>Whether the item has a result.</summary>
    public bool IsSuccess => Exception is null;

    /// <summary>The item's result.</summary>
    /// <exception cref="InvalidOperationException">The item failed; the inner exception is its <see cref="Exception"/>.</exception>
    public TResult Value => Exception is null
        ? _value
        : throw new InvalidOperationException($"Item {Index} failed and has no value; ask IsSuccess first. {Exception.Message}", Exception);

    /// <summary>Why the item failed; null where it did not.</summary>
    public Exception? Exception { get; }
}
