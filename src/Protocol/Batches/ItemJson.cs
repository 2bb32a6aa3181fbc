using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Cluster.Protocol.Code;

namespace Cluster.Protocol.Batches;

/// <summary>
/// How values are written as JSON, the same at every end: public properties and fields by their exact names, tuples as arrays, NaN and the
/// infinities as strings, Protocol Buffers messages in their own JSON form, text unescaped where JSON allows it. The declared type alone
/// decides what is built: no document can name a type. What would be lost is refused: members that a type does not have where a
/// document is read; text that is none, and values of derived types, where one is written.
/// </summary>
public static class ItemJson
{
    /// <summary>How deep a document may nest.</summary>
    public const int MaxDepth = 256;

    /// <summary>How the text of a document is written, whatever is in it. The serializer has checked the structure already.</summary>
    internal static JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The shared options; read-only.</summary>
    public static JsonSerializerOptions Options { get; } = CreateOptions();

    /// <summary>
    /// The same rules with a cache of its own. Options remember every type that they meet and so keep its assembly loaded: a worker uses
    /// one set per job and drops it with the job's code.
    /// </summary>
    public static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions
        {
            MaxDepth = MaxDepth,
            IncludeFields = true,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            Encoder = WriterOptions.Encoder,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { ExactContract.RefuseDerived } },
            Converters = { new TupleConverterFactory(), new BigIntegerConverter(), new TextConverter(), new MessageJsonConverterFactory() },
        };
        options.MakeReadOnly();
        return options;
    }
}
