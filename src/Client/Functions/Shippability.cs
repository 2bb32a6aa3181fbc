using System.Collections.Concurrent;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;

namespace Cluster.Client.Functions;

/// <summary>Decides from a type whether all of its values arrive as they left. Values of types that pass can still be refused one by one.</summary>
internal static class Shippability
{
    private static readonly ConcurrentDictionary<Type, Unshippable?> Captures = new();
    private static readonly ConcurrentDictionary<Type, Unshippable?> Items = new();
    private static readonly ConcurrentDictionary<Type, Unshippable?> Results = new();

    /// <summary>Whether variables of this type can be captured.</summary>
    /// <returns>Null if they can.</returns>
    public static Unshippable? Check(Type type) =>
        Captures.GetOrAdd(type, static type => new ContractAnalysis(CaptureWriter.Options).Check(type));

    /// <summary>Whether items of this type can be sent as arguments, in the format that its codec uses.</summary>
    /// <returns>Null if they can.</returns>
    public static Unshippable? CheckItem(Type type) => Items.GetOrAdd(type, static type => Check(type, objectsAreDocuments: false));

    /// <summary>Whether results of this type arrive as they left. An <c>object</c>, or what one holds, arrives as the document that it travelled as.</summary>
    /// <returns>Null if they do.</returns>
    public static Unshippable? CheckResult(Type type) => Results.GetOrAdd(type, static type => type == typeof(object) ? null : Check(type, objectsAreDocuments: true));

    private static Unshippable? Check(Type type, bool objectsAreDocuments)
    {
        if (ProcessBoundTypes.Find(type) is { } known)
        {
            return new Unshippable("", type, known);
        }

        var format = ItemCodec.FormatOf(type, out var whyNot);
        return whyNot is not null ? new Unshippable("", type, $"cannot be sent: {whyNot}")
            : format == Format.Json ? new ContractAnalysis(ItemJson.Options, objectsAreDocuments).Check(type)
            : null;
    }
}
