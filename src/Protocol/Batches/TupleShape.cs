using System.Reflection;

namespace Cluster.Protocol.Batches;

/// <summary>The elements of a tuple type, and how to build it from them. Tuples of eight and more keep the rest in a nested tuple.</summary>
internal sealed class TupleShape
{
    /// <summary>Seven elements and the rest.</summary>
    public const int MaxOwnElements = 8;

    private readonly ConstructorInvoker _constructor;
    private readonly TupleShape? _rest;
    private readonly int _own;

    public TupleShape(Type type)
    {
        var arguments = type.GenericTypeArguments;
        _constructor = ConstructorInvoker.Create(type.GetConstructor(arguments)!);
        _rest = arguments.Length == MaxOwnElements ? new TupleShape(arguments[^1]) : null;
        _own = _rest is null ? arguments.Length : MaxOwnElements - 1;
        Elements = [.. arguments[.._own], .. _rest?.Elements ?? []];
    }

    /// <summary>The types of the elements, those of the rest included.</summary>
    public Type[] Elements { get; }

    public object Create(ReadOnlySpan<object?> values)
    {
        var arguments = new object?[_rest is null ? _own : _own + 1];
        values[.._own].CopyTo(arguments);
        if (_rest is not null)
        {
            arguments[_own] = _rest.Create(values[_own..]);
        }

        return _constructor.Invoke(arguments.AsSpan());
    }
}
