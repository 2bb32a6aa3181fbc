using System.Collections;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;

namespace Cluster.Protocol.Code;

/// <summary>
/// Makes JSON contracts exact: what is written is what will be read, and a value that would arrive as something else is refused while it
/// is written.
/// </summary>
public static class ExactContract
{
    /// <summary>A modifier for <see cref="DefaultJsonTypeInfoResolver.Modifiers"/>.</summary>
    /// <param name="contract">The contract of a type.</param>
    public static void Apply(JsonTypeInfo contract)
    {
        switch (contract.Kind)
        {
            case JsonTypeInfoKind.Object:
                LeaveOutComputedProperties(contract);
                RefuseDerived(contract);
                break;
            case JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary:
                Check(contract, value => RefuseChangedCollection(contract.Type, value));
                break;
        }
    }

    /// <summary>A modifier that refuses values of derived types, of which only the declared type's part would be written.</summary>
    /// <param name="contract">The contract of a type.</param>
    public static void RefuseDerived(JsonTypeInfo contract)
    {
        // Nothing of an abstract type could be read back, so that nothing would be lost in silence; callers by name may read what is written.
        if (contract is { Kind: JsonTypeInfoKind.Object, PolymorphismOptions: null, Type: { IsValueType: false, IsSealed: false, IsAbstract: false } })
        {
            Check(contract, value => RefuseDerived(contract.Type, value));
        }
    }

    // Types may want to be told themselves (IJsonOnSerializing).
    private static void Check(JsonTypeInfo contract, Action<object> check) => contract.OnSerializing = check + contract.OnSerializing;

    // A property without setter and constructor parameter is not read back; calling it could only cost time, or throw.
    private static void LeaveOutComputedProperties(JsonTypeInfo contract)
    {
        for (var i = contract.Properties.Count - 1; i >= 0; i--)
        {
            if (contract.Properties[i] is { Set: null, AssociatedParameter: null, IsExtensionData: false })
            {
                contract.Properties.RemoveAt(i);
            }
        }
    }

    private static void RefuseDerived(Type declared, object value)
    {
        if (value.GetType() != declared)
        {
            throw new NotSupportedException(
                $"a {MethodNames.Describe(value.GetType())} is declared as {MethodNames.Describe(declared)} and would arrive as one, without what "
                + $"{MethodNames.Describe(value.GetType())} adds; declare the exact type, or list the derived types with [JsonDerivedType]");
        }
    }

    private static void RefuseChangedCollection(Type declared, object value)
    {
        var type = value.GetType();
        if (type != declared && !declared.IsInterface)
        {
            throw new NotSupportedException(
                $"a {MethodNames.Describe(type)} is declared as {MethodNames.Describe(declared)} and would arrive as one; declare the exact type");
        }

        if (declared.IsInterface && value is not ICollection && !HasCount(type))
        {
            throw new NotSupportedException(
                $"a lazy sequence ({MethodNames.Describe(type)}) cannot be sent, only its elements can; call ToArray() or ToList() on it first");
        }

        if (type.GetProperty("Comparer", BindingFlags.Instance | BindingFlags.Public) is { } property
            && property.GetValue(value) is { } comparer
            && !IsDefaultComparer(comparer)
            && !(property.PropertyType == typeof(IEqualityComparer<string>) && comparer.Equals(StringComparer.Ordinal)))
        {
            throw new NotSupportedException(
                $"the {MethodNames.Describe(type)} compares with {MethodNames.Describe(comparer.GetType())}, which JSON does not keep; "
                + "send a collection with the default comparer and build the other one inside the function");
        }
    }

    private static bool HasCount(Type type) => type.GetInterfaces().Any(candidate =>
        candidate.IsGenericType
        && (candidate.GetGenericTypeDefinition() == typeof(ICollection<>) || candidate.GetGenericTypeDefinition() == typeof(IReadOnlyCollection<>)));

    private static bool IsDefaultComparer(object comparer)
    {
        for (var type = comparer.GetType(); type is not null; type = type.BaseType)
        {
            if (type.IsGenericType
                && (type.GetGenericTypeDefinition() == typeof(Comparer<>) || type.GetGenericTypeDefinition() == typeof(EqualityComparer<>)))
            {
                var definition = type.GetGenericTypeDefinition();
                return Equals(comparer, definition.MakeGenericType(type.GetGenericArguments()).GetProperty("Default")!.GetValue(null));
            }
        }

        return false;
    }
}
