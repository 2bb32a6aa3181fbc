using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Cluster.Client.Functions;

/// <summary>Which fields of a type the members of its JSON contract stand for.</summary>
internal sealed class JsonMembers
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private readonly Dictionary<FieldInfo, JsonPropertyInfo> _byField = [];

    public JsonMembers(JsonTypeInfo contract)
    {
        foreach (var member in contract.Properties.Where(IsReadBack))
        {
            var field = member.AttributeProvider switch
            {
                FieldInfo direct => direct,
                PropertyInfo property => BackingField(property),
                _ => null,
            };
            if (field is not null)
            {
                _byField[field] = member;
            }
        }
    }

    /// <summary>Whether a field's content travels, or its author said that it need not; and the member that carries it, if any.</summary>
    public (bool Covered, JsonPropertyInfo? Member) Covering(FieldInfo field)
    {
        foreach (var (candidate, member) in _byField)
        {
            if (candidate.MetadataToken == field.MetadataToken && candidate.Module == field.Module)
            {
                return (true, member);
            }
        }

        return (IsIgnored(field), null);
    }

    /// <summary>What a field is called in the source: <c>property X</c> for an automatic property.</summary>
    public static string Describe(FieldInfo field) =>
        AutoProperty(field) is { } name ? $"property {name}" : $"field {ClosurePath.SourceName(field)}";

    // What is not read back does not stand for anything.
    private static bool IsReadBack(JsonPropertyInfo member) =>
        member.Get is not null && (member.Set is not null || member.AssociatedParameter is not null);

    private static string? AutoProperty(FieldInfo field) =>
        field.Name.StartsWith('<') && field.Name.EndsWith(">k__BackingField", StringComparison.Ordinal)
            ? field.Name[1..field.Name.IndexOf('>', 1)]
            : null;

    private static bool IsIgnored(FieldInfo field)
    {
        var member = AutoProperty(field) is { } name ? (MemberInfo?)field.DeclaringType!.GetProperty(name, Declared) : field;
        return member?.GetCustomAttribute<JsonIgnoreAttribute>() is { Condition: JsonIgnoreCondition.Always };
    }

    // The field of an automatic property, or the one that the getter does nothing with but return it.
    private static FieldInfo? BackingField(PropertyInfo property)
    {
        if (property.DeclaringType!.GetField($"<{property.Name}>k__BackingField", Declared) is { } automatic)
        {
            return automatic;
        }

        if (property.GetMethod is not { IsAbstract: false } getter || IlReader.Read(getter) is not { } instructions)
        {
            return null;
        }

        var mentioned = instructions.Where(instruction => instruction.Token != 0).ToArray();
        var arguments = property.DeclaringType is { IsGenericType: true } generic ? generic.GetGenericArguments() : null;
        return mentioned is [var (code, token)] && code == System.Reflection.Emit.OpCodes.Ldfld
            ? getter.Module.ResolveField(token, arguments, null)
            : null;
    }
}
