namespace Cluster.Protocol.Code;

/// <summary>Writes types that are loaded as <see cref="CSharpTypeNames"/> writes those of signatures, so that the two can be compared.</summary>
public static class CSharpTypeText
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(bool)] = "bool",
        [typeof(char)] = "char",
        [typeof(sbyte)] = "sbyte",
        [typeof(byte)] = "byte",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(nint)] = "nint",
        [typeof(nuint)] = "nuint",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
        [typeof(string)] = "string",
        [typeof(object)] = "object",
    };

    /// <summary>Whether C# has a word of its own for a type of this name: such types are nothing but themselves.</summary>
    /// <param name="name">A name as <see cref="Of"/> writes it.</param>
    public static bool IsKeyword(string name) => name != "object" && Keywords.ContainsValue(name);

    /// <summary>Writes a type: <c>int</c>, <c>string[]</c>, <c>System.Collections.Generic.List&lt;int&gt;</c>, <c>Company.App.Order</c>.</summary>
    /// <param name="type">A closed type.</param>
    public static string Of(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (Keywords.TryGetValue(type, out var keyword))
        {
            return keyword;
        }

        if (type.IsArray)
        {
            return $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return $"{Of(underlying)}?";
        }

        return type.IsGenericType ? $"{Name(type)}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>" : Name(type);
    }

    private static string Name(Type type)
    {
        var tick = type.Name.IndexOf('`', StringComparison.Ordinal);
        var name = tick < 0 ? type.Name : type.Name[..tick];
        return type.DeclaringType is { } outer ? $"{Name(outer)}.{name}" : string.IsNullOrEmpty(type.Namespace) ? name : $"{type.Namespace}.{name}";
    }
}
