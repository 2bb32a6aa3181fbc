using System.Reflection;
using Cluster.Protocol.Code;

namespace Cluster.Client.Functions;

/// <summary>What captured variables are called in the source.</summary>
internal static class ClosurePath
{
    /// <summary>The name of the object around a function.</summary>
    public const string This = "this";

    /// <summary>The name of a captured variable, from the field that the compiler made of it.</summary>
    public static string SourceName(FieldInfo field)
    {
        var name = field.Name;
        if (IsThis(field))
        {
            return This;
        }

        const string VisualBasicLocal = "$VB$Local_";
        if (name.StartsWith(VisualBasicLocal, StringComparison.Ordinal))
        {
            return name[VisualBasicLocal.Length..];
        }

        // <name>5__1 for variables of state machines, <name>P for parameters of primary constructors.
        return name.StartsWith('<') && name.IndexOf('>', 1) is > 1 and var end ? name[1..end] : name;
    }

    /// <summary>Whether a closure's field is the object around the function.</summary>
    public static bool IsThis(FieldInfo field) => field.Name is "<>4__this" or "$VB$Me";

    /// <summary>The path of a field: variables of an outer scope need no prefix, because the source has none either.</summary>
    public static string Append(string path, FieldInfo field) =>
        ClosureTypes.IsClosure(field.FieldType) ? path : path.Length == 0 ? SourceName(field) : $"{path}.{SourceName(field)}";
}
