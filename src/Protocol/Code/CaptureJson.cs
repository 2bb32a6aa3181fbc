using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Cluster.Protocol.Batches;

namespace Cluster.Protocol.Code;

/// <summary>How captured values become JSON: like items, and refusing what JSON would change in silence.</summary>
public static class CaptureJson
{
    /// <summary>How deep a document of captures may nest: a capture has levels of its own around the values.</summary>
    public const int MaxDepth = 512;

    /// <summary>Makes the options. Both ends use the same; each keeps its own, because options remember the types that they have seen.</summary>
    /// <returns>Options that nobody may change any more.</returns>
    public static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions(ItemJson.Options)
        {
            MaxDepth = MaxDepth,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { ExactContract.Apply } },
        };

        // Before that of items: nobody reads captures, so that bytes do, and they keep what the sender's version of a message does not know.
        options.Converters.Insert(0, new MessageConverterFactory());
        options.MakeReadOnly();
        return options;
    }
}
