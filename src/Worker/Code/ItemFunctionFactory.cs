using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;
using Cluster.Protocol.V1;

namespace Cluster.Worker.Code;

/// <summary>
/// Makes item functions out of methods. A small method is emitted that takes an item apart and calls the user's method directly, so that
/// an item costs no reflection, no boxing and one indirect call whatever the signature. It is kept per method: opening the next job
/// for the same method only binds it to another target.
/// </summary>
internal sealed class ItemFunctionFactory
{
    private readonly ConcurrentDictionary<(MethodInfo Method, bool HasTarget, Type InputType, Type Returned), DynamicMethod> _callers = new();

    /// <param name="method">A closed method.</param>
    /// <param name="target">Its object, or the value bound to its first parameter; null for plain static methods.</param>
    /// <param name="hasTarget">Whether the method is called with <paramref name="target"/>, which may be null for a bound first parameter.</param>
    /// <param name="shape">What the method looks like.</param>
    /// <param name="arguments">How items become arguments.</param>
    /// <param name="inputType">The type of the items, as the shape says for <paramref name="arguments"/>.</param>
    public ItemFunction Create(MethodInfo method, object? target, bool hasTarget, FunctionShape shape, Arguments arguments, Type inputType)
    {
        var returned = shape.ReturnType == typeof(void) ? shape.ResultType : shape.ReturnType;
        var caller = _callers.GetOrAdd(
            (method, hasTarget, inputType, returned), _ => EmitCaller(method, hasTarget, shape, arguments, inputType, returned));
        var call = caller.CreateDelegate(typeof(Func<,,>).MakeGenericType(inputType, typeof(CancellationToken), returned), target);
        var type = FunctionType(returned) is { ContainsGenericParameters: true, IsGenericTypeDefinition: true } definition
            ? definition.MakeGenericType(definition.GetGenericArguments().Length == 1 ? [inputType] : [inputType, shape.ResultType])
            : throw new InvalidOperationException($"{returned} has no form of item function.");
        return (ItemFunction)Activator.CreateInstance(type, call)!;
    }

    private static Type FunctionType(Type returned)
    {
        var definition = returned.IsGenericType ? returned.GetGenericTypeDefinition() : returned;
        return definition == typeof(Task<>) ? typeof(TaskItemFunction<,>)
            : definition == typeof(Task) ? typeof(TaskItemFunction<>)
            : definition == typeof(ValueTask<>) ? typeof(ValueTaskItemFunction<,>)
            : definition == typeof(ValueTask) ? typeof(ValueTaskItemFunction<>)
            : typeof(SyncItemFunction<,>);
    }

    private static DynamicMethod EmitCaller(
        MethodInfo method, bool hasTarget, FunctionShape shape, Arguments arguments, Type inputType, Type returned)
    {
        // The first argument is always there: a delegate that is closed over it, even over null, is the fastest kind.
        var caller = new DynamicMethod(
            $"Call {method.Name}", returned, [typeof(object), inputType, typeof(CancellationToken)], method.Module, skipVisibility: true);
        var il = caller.GetILGenerator();
        if (hasTarget)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Castclass, method.IsStatic ? method.GetParameters()[0].ParameterType : method.DeclaringType!);
        }

        if (arguments == Arguments.Single)
        {
            il.Emit(OpCodes.Ldarg_1);
        }
        else if (arguments == Arguments.Spread)
        {
            for (var i = 1; i <= shape.Parameters.Count; i++)
            {
                il.Emit(OpCodes.Ldarga_S, (byte)1);
                il.Emit(OpCodes.Ldfld, inputType.GetField($"Item{i}")!);
            }
        }

        if (shape.TakesCancellationToken)
        {
            il.Emit(OpCodes.Ldarg_2);
        }

        il.Emit(OpCodes.Call, method);
        if (shape.ReturnType == typeof(void))
        {
            var nothing = il.DeclareLocal(returned);
            il.Emit(OpCodes.Ldloc, nothing);
        }

        il.Emit(OpCodes.Ret);
        return caller;
    }
}
