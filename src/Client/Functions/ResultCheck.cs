using Cluster.Protocol.Code;

namespace Cluster.Client.Functions;

/// <summary>Refuses, at the call, functions whose results are of a type that would not arrive as it left. Costs a look-up for types that were seen before.</summary>
internal static class ResultCheck
{
    /// <summary>Checks the results of a call.</summary>
    /// <typeparam name="TResult">What the caller gets.</typeparam>
    /// <param name="function">The function that returns them.</param>
    /// <exception cref="FunctionNotShippableException">The results cannot travel; the message names the member of their type that is to blame.</exception>
    public static void Require<TResult>(Delegate function)
    {
        ArgumentNullException.ThrowIfNull(function);
        if (Shippability.CheckResult(typeof(TResult)) is not { } problem)
        {
            return;
        }

        var described = MethodNames.Describe(function.Method);
        var reason = problem.Path.Length == 0 && IsTask(problem.Type)
            ? "is not waited for on the node: a function returns a value, or one Task or Task<T> of it"
            : problem.Reason;
        throw new FunctionNotShippableException(
            problem.Path.Length == 0
                ? $"{described} cannot be called on the cluster: it returns {MethodNames.Describe(problem.Type)}, which {reason}."
                : $"{described} cannot be called on the cluster: it returns {MethodNames.Describe(typeof(TResult))}, whose {problem.Path.TrimStart('.')} "
                    + $"({MethodNames.Describe(problem.Type)}) {reason}.",
            described,
            variable: null,
            problem.Type);
    }

    private static bool IsTask(Type type) =>
        type.IsAssignableTo(typeof(Task)) || type == typeof(ValueTask) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>));
}
