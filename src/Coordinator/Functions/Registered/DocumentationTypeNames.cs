using System.Collections.Immutable;
using System.Globalization;
using System.Reflection.Metadata;

namespace Cluster.Coordinator.Functions.Registered;

/// <summary>Writes types as compilers do in XML documentation: <c>System.Collections.Generic.List{System.Int32}</c>.</summary>
internal sealed class DocumentationTypeNames : ISignatureTypeProvider<string, object?>
{
    /// <summary>It has no state.</summary>
    public static DocumentationTypeNames Instance { get; } = new();

    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => $"System.{typeCode}";

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
    {
        var type = reader.GetTypeDefinition(handle);
        var outer = type.GetDeclaringType();
        return Join(outer.IsNil ? reader.GetString(type.Namespace) : GetTypeFromDefinition(reader, outer, rawTypeKind), reader.GetString(type.Name));
    }

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
    {
        var type = reader.GetTypeReference(handle);
        var outer = type.ResolutionScope.Kind == HandleKind.TypeReference
            ? GetTypeFromReference(reader, (TypeReferenceHandle)type.ResolutionScope, rawTypeKind)
            : reader.GetString(type.Namespace);
        return Join(outer, reader.GetString(type.Name));
    }

    public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) =>
        $"{(genericType.IndexOf('`', StringComparison.Ordinal) is var tick and > 0 ? genericType[..tick] : genericType)}{{{string.Join(',', typeArguments)}}}";

    public string GetSZArrayType(string elementType) => $"{elementType}[]";

    public string GetArrayType(string elementType, ArrayShape shape) => $"{elementType}[{string.Join(',', Enumerable.Repeat("0:", shape.Rank))}]";

    public string GetByReferenceType(string elementType) => $"{elementType}@";

    public string GetPointerType(string elementType) => $"{elementType}*";

    public string GetPinnedType(string elementType) => elementType;

    public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

    public string GetGenericMethodParameter(object? genericContext, int index) => string.Create(CultureInfo.InvariantCulture, $"``{index}");

    public string GetGenericTypeParameter(object? genericContext, int index) => string.Create(CultureInfo.InvariantCulture, $"`{index}");

    public string GetFunctionPointerType(MethodSignature<string> signature) => "=FUNC";

    private static string Join(string outer, string name) => outer.Length == 0 ? name : $"{outer}.{name}";
}
