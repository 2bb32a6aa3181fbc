using System.Text.Json;
using System.Text.Json.Nodes;
using Cluster.Protocol.Batches;
using Cluster.Protocol.Code;
using Cluster.Protocol.V1;

namespace Cluster.Client.Functions;

/// <summary>
/// How values of a type of this program travel to and from a function of which this program knows the name only. Types of .NET are the same on both sides, and travel in their own
/// layout; types of the program's own are not, and travel as JSON, which asks for the same members and not for the same type. Pure.
/// </summary>
internal static class TypeFit
{
    /// <summary>Whether values of a type travel in their own layout.</summary>
    public static bool IsNative(Type type) => !IsDocument(type) && IsOfFramework(type);

    /// <summary>Whether a function may be called with, or return, a type.</summary>
    /// <param name="local">The type that this program uses.</param>
    /// <param name="remote">The type that the function has, as C# writes it.</param>
    public static bool Fits(Type local, string remote) =>
        IsDocument(local)
        || CSharpTypeText.Of(local) == remote
        || (remote != "void" && !IsNative(local))
        || (ItemCodec.FormatOf(local, out _) == Format.Json && !IsSimple(remote));

    /// <summary>Whether results of a type may be read as another one. Whoever has them has written them in their own layout, or as JSON.</summary>
    /// <param name="local">The type that this program uses.</param>
    /// <param name="remote">The type that the results have, as C# writes it; empty where nobody said.</param>
    public static bool MayRead(Type local, string remote) => remote.Length == 0 || Fits(local, remote);

    // Takes whatever JSON can say.
    private static bool IsDocument(Type type) =>
        type == typeof(object) || type == typeof(JsonElement) || type == typeof(JsonDocument) || type.IsAssignableTo(typeof(JsonNode));

    private static bool IsOfFramework(Type type) => type.HasElementType
        ? IsOfFramework(type.GetElementType()!)
        : !IsDocument(type) && FrameworkAssemblies.Contains(type.Assembly) && type.GetGenericArguments().All(IsOfFramework);

    private static bool IsSimple(string type) => type == "byte[]" || CSharpTypeText.IsKeyword(type.TrimEnd('?'));
}
