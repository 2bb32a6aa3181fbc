using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace Cluster.Protocol.Code;

/// <summary>Writes the types of signatures as C# does, from metadata alone.</summary>
public sealed class CSharpTypeNames : ISignatureTypeProvider<string, object?>
{
    private CSharpTypeNames()
    {
    }

    /// <summary>It has no state.</summary>
    public static CSharpTypeNames Instance { get; } = new();

    /// <inheritdoc/>
    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode switch
    {
        PrimitiveTypeCode.Boolean => "bool",
        PrimitiveTypeCode.SByte => "sbyte",
        PrimitiveTypeCode.Int16 => "short",
        PrimitiveTypeCode.UInt16 => "ushort",
        PrimitiveTypeCode.Int32 => "int",
        PrimitiveTypeCode.UInt32 => "uint",
        PrimitiveTypeCode.Int64 => "long",
        PrimitiveTypeCode.UInt64 => "ulong",
        PrimitiveTypeCode.Single => "float",
        PrimitiveTypeCode.IntPtr => "nint",
        PrimitiveTypeCode.UIntPtr => "nuint",
        _ => typeCode.ToString().ToLowerInvariant(),
    };

    /// <inheritdoc/>
    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
    {
        var type = reader.GetTypeDefinition(handle);
        var name = WithoutArity(reader.GetString(type.Name));
        return type.GetDeclaringType() is { IsNil: false } outer ? $"{GetTypeFromDefinition(reader, outer, rawTypeKind)}.{name}" : Qualify(reader.GetString(type.Namespace), name);
    }

    /// <inheritdoc/>
    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
    {
        var type = reader.GetTypeReference(handle);
        var name = WithoutArity(reader.GetString(type.Name));
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? $"{GetTypeFromReference(reader, (TypeReferenceHandle)type.ResolutionScope, rawTypeKind)}.{name}"
            : Qualify(reader.GetString(type.Namespace), name) is var full && full == "System.Decimal" ? "decimal" : full;
    }

    /// <inheritdoc/>
    public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    /// <inheritdoc/>
    public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => genericType == "System.Nullable"
        ? $"{typeArguments[0]}?"
        : $"{genericType}<{string.Join(", ", typeArguments)}>";

    /// <inheritdoc/>
    public string GetSZArrayType(string elementType) => $"{elementType}[]";

    /// <inheritdoc/>
    public string GetArrayType(string elementType, ArrayShape shape) => $"{elementType}[{new string(',', shape.Rank - 1)}]";

    /// <inheritdoc/>
    public string GetByReferenceType(string elementType) => $"ref {elementType}";

    /// <inheritdoc/>
    public string GetPointerType(string elementType) => $"{elementType}*";

    /// <inheritdoc/>
    public string GetPinnedType(string elementType) => elementType;

    /// <inheritdoc/>
    public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

    /// <inheritdoc/>
    public string GetGenericMethodParameter(object? genericContext, int index) => $"T{index}";

    /// <inheritdoc/>
    public string GetGenericTypeParameter(object? genericContext, int index) => $"T{index}";

    /// <inheritdoc/>
    public string GetFunctionPointerType(MethodSignature<string> signature) => "delegate*";

    private static string Qualify(string space, string name) => space.Length == 0 ? name : $"{space}.{name}";

    private static string WithoutArity(string name) => name.IndexOf('`', StringComparison.Ordinal) is var tick and > 0 ? name[..tick] : name;
}
