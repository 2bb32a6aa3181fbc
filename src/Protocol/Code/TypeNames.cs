using System.Reflection;
using System.Text;

namespace Cluster.Protocol.Code;

/// <summary>
/// How types are named in a <see cref="V1.Function"/>: assembly-qualified, with simple assembly names at every level, because the
/// content hash of an assembly says which one is meant and its version does not.
/// </summary>
public static class TypeNames
{
    /// <summary>Names a type, such as <c>System.Collections.Generic.List`1[[Acme.Order, Acme]], System.Private.CoreLib</c>.</summary>
    /// <param name="type">A closed type.</param>
    /// <returns>A name that <see cref="Parse"/> understands.</returns>
    public static string Write(Type type)
    {
        var name = new StringBuilder();
        AppendQualified(name, type);
        return name.ToString();
    }

    /// <summary>Names the definition of a type within its assembly: <c>Namespace.Outer+Inner`1</c>.</summary>
    /// <param name="type">A type, closed or not.</param>
    /// <returns>Its reflection name without type arguments.</returns>
    public static string WriteDefinition(Type type) =>
        (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName
        ?? throw new ArgumentException($"{type} has no name of its own.", nameof(type));

    /// <summary>Finds the type that a name of <see cref="Write"/> stands for.</summary>
    /// <param name="name">The name.</param>
    /// <param name="loadAssembly">Finds an assembly by its simple name; throws where there is none.</param>
    /// <returns>The type.</returns>
    /// <exception cref="TypeLoadException">An assembly does not have the type.</exception>
    /// <exception cref="ArgumentException">The name is malformed.</exception>
    public static Type Parse(string name, Func<AssemblyName, Assembly> loadAssembly) =>
        Type.GetType(
            name,
            loadAssembly,
            (assembly, typeName, _) => (assembly ?? typeof(object).Assembly).GetType(typeName, throwOnError: true),
            throwOnError: true)!;

    private static void AppendQualified(StringBuilder name, Type type)
    {
        AppendName(name, type);
        name.Append(", ").Append(ElementOf(type).Assembly.GetName().Name);
    }

    private static void AppendName(StringBuilder name, Type type)
    {
        if (type.HasElementType)
        {
            AppendName(name, type.GetElementType()!);
            name.Append(type switch
            {
                { IsByRef: true } => "&",
                { IsPointer: true } => "*",
                { IsSZArray: true } => "[]",
                { IsVariableBoundArray: true } when type.GetArrayRank() == 1 => "[*]",
                _ => $"[{new string(',', type.GetArrayRank() - 1)}]",
            });
            return;
        }

        name.Append(WriteDefinition(type));
        if (!type.IsGenericType)
        {
            return;
        }

        var separator = "[";
        foreach (var argument in type.GetGenericArguments())
        {
            name.Append(separator).Append('[');
            AppendQualified(name, argument);
            name.Append(']');
            separator = ",";
        }

        name.Append(']');
    }

    private static Type ElementOf(Type type)
    {
        while (type.HasElementType)
        {
            type = type.GetElementType()!;
        }

        return type;
    }
}
