using System.Reflection;
using System.Runtime.CompilerServices;

namespace Cluster.Protocol.Code;

/// <summary>Recognises what compilers make of lambdas.</summary>
public static class ClosureTypes
{
    private const BindingFlags InstanceFields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Whether a compiler made this class to hold captured variables, or the lambdas that capture nothing.</summary>
    /// <param name="type">Any type.</param>
    /// <returns>True for closure classes of C# and Visual Basic.</returns>
    public static bool IsClosure(Type type) =>
        type is { IsClass: true, IsNested: true }
        && type.BaseType == typeof(object)
        && (type.Name.StartsWith("<>c", StringComparison.Ordinal) || type.Name.StartsWith("_Closure$__", StringComparison.Ordinal))
        && type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);

    /// <summary>The captured variables of a closure class.</summary>
    /// <param name="closure">A closure class.</param>
    /// <returns>Its instance fields.</returns>
    public static FieldInfo[] Fields(Type closure) => closure.GetFields(InstanceFields);
}
