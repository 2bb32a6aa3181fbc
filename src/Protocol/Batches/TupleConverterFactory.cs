using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cluster.Protocol.Batches;

/// <summary>Tuples are JSON arrays, as in every language that has tuples; the serializer's own form would be Item1, Item2 …</summary>
internal sealed class TupleConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && !typeToConvert.IsGenericTypeDefinition && typeToConvert.IsAssignableTo(typeof(ITuple))
        && typeToConvert.Namespace == nameof(System) && typeToConvert.GenericTypeArguments.Length <= TupleShape.MaxOwnElements;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(TupleConverter<>).MakeGenericType(typeToConvert))!;
}
