using Cluster.Client;

namespace Cluster.Cli.Output;

/// <summary>A shared object, as <c>cluster objects --json</c> prints it.</summary>
internal sealed record ObjectLine(long Id, string Name, string Kind, long Count, long References, long Waiting, long Watches, string? KeyType, string? ValueType)
{
    public static ObjectLine Of(SharedObjectInfo info) => new(
        info.Id, info.Name, NameOf(info.Kind), info.Count, info.References, info.Waiting, info.Watches, NullIfEmpty(info.KeyType), NullIfEmpty(info.ValueType));

    public static string NameOf(SharedObjectKind kind) => kind.ToString().ToLowerInvariant();

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
