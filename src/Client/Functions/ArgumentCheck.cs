using System.Reflection;
using Cluster.Protocol.Code;
using Cluster.Protocol.V1;

namespace Cluster.Client.Functions;

/// <summary>Refuses, at the call, functions whose arguments are of a type that cannot travel. Costs a look-up for types that were seen before.</summary>
internal static class ArgumentCheck
{
    /// <summary>Checks the arguments of a call.</summary>
    /// <typeparam name="TItem">The type of the items: the argument's own, or a tuple of arguments.</typeparam>
    /// <param name="function">The function that takes them.</param>
    /// <param name="arguments">How an item becomes arguments.</param>
    /// <exception cref="FunctionNotShippableException">An argument cannot travel; the message names the parameter and the member of its type.</exception>
    public static void Require<TItem>(Delegate function, Arguments arguments)
    {
        ArgumentNullException.ThrowIfNull(function);
        if (Shippability.CheckItem(typeof(TItem)) is { } problem)
        {
            throw Refuse(function, arguments == Arguments.Spread ? Blame(typeof(TItem), problem) : (0, problem));
        }
    }

    // An item of several arguments is a tuple; the user wrote parameters.
    private static (int Position, Unshippable Problem) Blame(Type tuple, Unshippable whole)
    {
        var elements = tuple.GetGenericArguments();
        for (var i = 0; i < elements.Length; i++)
        {
            var prefix = $".Item{i + 1}";
            if (whole.Path == prefix || whole.Path.StartsWith(prefix + '.', StringComparison.Ordinal) || whole.Path.StartsWith(prefix + '[', StringComparison.Ordinal))
            {
                return (i, whole with { Path = whole.Path[prefix.Length..] });
            }

            if (Shippability.CheckItem(elements[i]) is { } own)
            {
                return (i, own);
            }
        }

        return (0, whole);
    }

    private static FunctionNotShippableException Refuse(Delegate function, (int Position, Unshippable Problem) blamed)
    {
        var (position, problem) = blamed;
        var variable = NameOf(function, position) + problem.Path;
        var described = MethodNames.Describe(function.Method);
        return new FunctionNotShippableException(
            $"{described} cannot be called on the cluster: it takes '{variable}' ({MethodNames.Describe(problem.Type)}), which {problem.Reason}.",
            described,
            variable,
            problem.Type);
    }

    // The method has one parameter more than its delegate where that is bound to an object, and one less where it is the object.
    private static string NameOf(Delegate function, int position)
    {
        ParameterInfo[] declared = function.GetType().GetMethod("Invoke")!.GetParameters();
        ParameterInfo[] own = function.Method.GetParameters();
        var at = position + own.Length - declared.Length;
        return (at >= 0 ? own[at].Name : null) is { Length: > 0 } name ? name : declared[position].Name ?? $"argument {position + 1}";
    }
}
