using System.Reflection;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;

namespace Cluster.Worker.Code;

/// <summary>What a method looks like to callers that only know items and results.</summary>
internal sealed class FunctionShape
{
    /// <summary>Value tuples nest beyond this many elements; nobody spreads that many arguments.</summary>
    public const int MaxSpread = 7;

    private static readonly Type[] TupleDefinitions =
    [
        typeof(ValueTuple<>), typeof(ValueTuple<,>), typeof(ValueTuple<,,>), typeof(ValueTuple<,,,>), typeof(ValueTuple<,,,,>),
        typeof(ValueTuple<,,,,,>), typeof(ValueTuple<,,,,,,>),
    ];

    /// <param name="method">A closed method, or the <c>Invoke</c> of the delegates that call it.</param>
    /// <param name="skipFirstParameter">The first parameter is bound to the delegate's target, as in extension methods on an object.</param>
    public FunctionShape(MethodInfo method, bool skipFirstParameter)
    {
        var parameters = method.GetParameters().Skip(skipFirstParameter ? 1 : 0).Select(parameter => parameter.ParameterType).ToArray();
        TakesCancellationToken = parameters.Length > 0 && parameters[^1] == typeof(CancellationToken);
        Parameters = TakesCancellationToken ? parameters[..^1] : parameters;
        ReturnType = method.ReturnType;
        (ResultType, IsAsync) = ResultOf(method.ReturnType);
    }

    /// <summary>Types of the parameters that come from items.</summary>
    public IReadOnlyList<Type> Parameters { get; }

    /// <summary>Whether a cancellation token follows them.</summary>
    public bool TakesCancellationToken { get; }

    /// <summary>As declared.</summary>
    public Type ReturnType { get; }

    /// <summary>What a call yields in the end; <see cref="Nothing"/> for nothing.</summary>
    public Type ResultType { get; }

    /// <summary>Whether the function returns a task of some kind.</summary>
    public bool IsAsync { get; }

    /// <summary>The type of the items when they become arguments in the given way; null where they cannot.</summary>
    public Type? InputType(Arguments arguments) => arguments switch
    {
        Arguments.None when Parameters.Count == 0 => typeof(Nothing),
        Arguments.Single when Parameters.Count == 1 => Parameters[0],
        Arguments.Spread when Parameters.Count is > 0 and <= MaxSpread => TupleDefinitions[Parameters.Count - 1].MakeGenericType([.. Parameters]),
        _ => null,
    };

    private static (Type Result, bool IsAsync) ResultOf(Type type)
    {
        if (type == typeof(void))
        {
            return (typeof(Nothing), false);
        }

        if (type == typeof(Task) || type == typeof(ValueTask))
        {
            return (typeof(Nothing), true);
        }

        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        return definition == typeof(Task<>) || definition == typeof(ValueTask<>) ? (type.GetGenericArguments()[0], true) : (type, false);
    }
}
