using System.Reflection.Metadata;

namespace Cluster.Coordinator.Functions.Registered;

/// <summary>The types of values in attributes, as far as [ClusterFunction] has any: text. Other attributes are never decoded.</summary>
internal sealed class AttributeTypes : ICustomAttributeTypeProvider<string>
{
    /// <summary>It has no state.</summary>
    public static AttributeTypes Instance { get; } = new();

    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode.ToString();

    public string GetSystemType() => nameof(Type);

    public string GetSZArrayType(string elementType) => elementType + "[]";

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => "";

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => "";

    public string GetTypeFromSerializedName(string name) => name;

    public PrimitiveTypeCode GetUnderlyingEnumType(string type) => throw new BadImageFormatException("The attribute [ClusterFunction] has a value that is no text.");

    public bool IsSystemType(string type) => type == nameof(Type);
}
