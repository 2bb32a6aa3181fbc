using System.Reflection;
using Cluster.Protocol.Code;
using Cluster.Protocol.V1;

namespace Cluster.Worker.Code;

/// <summary>The method that a <see cref="Function"/> names, loaded, with its captured values rebuilt.</summary>
internal sealed class ResolvedFunction
{
    private readonly ItemFunctionFactory _factory;
    private readonly FunctionShape _shape;
    private readonly TargetReader _targets;
    private readonly bool _hasTarget;

    public ResolvedFunction(CodeContext context, MethodInfo method, TargetReader targets, object? target, bool bindsFirstParameter, Type? delegateType)
    {
        Context = context;
        Method = method;
        Target = target;
        _factory = context.ItemFunctions;
        _targets = targets;
        _hasTarget = !method.IsStatic || bindsFirstParameter;
        _shape = delegateType is null
            ? new FunctionShape(method, bindsFirstParameter)
            : new FunctionShape(delegateType.GetMethod("Invoke")!, skipFirstParameter: false);
    }

    /// <summary>Where the code was loaded.</summary>
    public CodeContext Context { get; }

    /// <summary>The method, closed over its type arguments.</summary>
    public MethodInfo Method { get; }

    /// <summary>The rebuilt closure, or the value bound to the first parameter of a static method; null for neither.</summary>
    public object? Target { get; }

    /// <summary>Types of the parameters that come from items: without the bound first one and without a final cancellation token.</summary>
    public IReadOnlyList<Type> Parameters => _shape.Parameters;

    /// <summary>Whether the last parameter is a cancellation token.</summary>
    public bool TakesCancellationToken => _shape.TakesCancellationToken;

    /// <summary>As declared, such as <c>Task&lt;int&gt;</c>.</summary>
    public Type ReturnType => _shape.ReturnType;

    /// <summary>What a call yields in the end, such as <c>int</c>; <see cref="Protocol.Batches.Nothing"/> for nothing.</summary>
    public Type ResultType => _shape.ResultType;

    /// <summary>Whether the function returns a task of some kind.</summary>
    public bool IsAsync => _shape.IsAsync;

    /// <summary>Makes the function that loops call, one item at a time.</summary>
    /// <param name="arguments">How an item becomes the function's arguments.</param>
    /// <exception cref="CodeException">The function does not take that many arguments.</exception>
    public ItemFunction CreateItemFunction(Arguments arguments) => CreateItemFunction(arguments, Target);

    /// <summary>Makes the function for one item, bound to what was captured for it.</summary>
    /// <param name="arguments">How an item becomes the function's arguments.</param>
    /// <param name="captures">As in <see cref="Function.Target"/>.</param>
    /// <exception cref="CodeException">The captured values do not fit the code, or the arguments the function.</exception>
    public ItemFunction CreateItemFunction(Arguments arguments, ReadOnlyMemory<byte> captures) => CreateItemFunction(arguments, _targets.Read(captures));

    private ItemFunction CreateItemFunction(Arguments arguments, object? target)
    {
        var inputType = _shape.InputType(arguments) ?? throw new CodeException(Mismatch(arguments));
        return _factory.Create(Method, target, _hasTarget, _shape, arguments, inputType);
    }

    private string Mismatch(Arguments arguments)
    {
        var described = MethodNames.Describe(Method);
        return arguments switch
        {
            Arguments.None => $"{described} takes {Count(Parameters.Count)}, but it was called without any.",
            Arguments.Single => $"{described} takes {Count(Parameters.Count)}, but each item is one argument. "
                + (Parameters.Count > 1 ? "Spread the items over the parameters (StarMapAsync, --star)." : "Give it a parameter for the item."),
            Arguments.Spread => $"{described} takes {Count(Parameters.Count)}; items can be spread over 1 to {FunctionShape.MaxSpread} parameters.",
            _ => $"The job does not say how its items become the arguments of {described}.",
        };
    }

    private static string Count(int parameters) => parameters switch { 0 => "no arguments", 1 => "1 argument", _ => $"{parameters} arguments" };
}
