using System.Reflection;

namespace Cluster.Protocol.Code;

/// <summary>How methods are called in messages for people.</summary>
public static class MethodNames
{
    /// <summary>Describes a method: <c>Acme.Orders.Price(Order, Int32)</c>, or <c>the lambda in Acme.Program.Main(Order)</c>.</summary>
    /// <param name="method">Any method.</param>
    /// <returns>A text for an error message.</returns>
    public static string Describe(MethodBase method)
    {
        var parameters = string.Join(", ", method.GetParameters().Select(parameter => Describe(parameter.ParameterType)));
        var type = UserType(method.DeclaringType);
        // The compiler names lambdas <Outer>b__0_1 and local functions <Outer>g__Local|0_1; Outer may be such a name itself, as is that of
        // a program's top-level statements, <Main>$.
        if (!method.Name.StartsWith('<') || method.Name.LastIndexOf('>') is not (> 0 and var end))
        {
            return $"{type}.{method.Name}{TypeArguments(method)}({parameters})";
        }

        var outer = method.Name.TrimStart('<').Split('>', 2)[0];
        var local = method.Name[(end + 1)..];
        return local.StartsWith("g__", StringComparison.Ordinal)
            ? $"the local function {local[3..local.IndexOf('|', StringComparison.Ordinal)]}({parameters}) in {type}.{outer}"
            : $"the lambda ({parameters}) in {type}.{outer}";
    }

    /// <summary>Describes a type: <c>List&lt;Order&gt;</c>; namespaces are left out.</summary>
    /// <param name="type">Any type.</param>
    /// <returns>A text for an error message.</returns>
    public static string Describe(Type type)
    {
        if (type.HasElementType)
        {
            return Describe(type.GetElementType()!) + (type.IsArray ? $"[{new string(',', type.GetArrayRank() - 1)}]" : type.IsPointer ? "*" : "&");
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Describe(underlying) + "?";
        }

        var tick = type.Name.IndexOf('`', StringComparison.Ordinal);
        return tick < 0 ? type.Name : $"{type.Name[..tick]}<{string.Join(", ", type.GetGenericArguments().Select(Describe))}>";
    }

    private static string TypeArguments(MethodBase method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Describe))}>" : "";

    // Closure classes are nested in the type whose source they came from.
    private static string UserType(Type? type)
    {
        while (type is { IsNested: true } && type.Name.StartsWith('<'))
        {
            type = type.DeclaringType;
        }

        return type?.FullName?.Split('[', 2)[0] ?? "?";
    }
}
