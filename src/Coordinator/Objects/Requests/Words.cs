using Cluster.Protocol.V1;
using Google.Protobuf.Reflection;

namespace Cluster.Coordinator.Objects.Requests;

/// <summary>How messages name things: as the contract does.</summary>
internal static class Words
{
    /// <summary>A kind of object, such as <c>dictionary</c>.</summary>
    public static string Word(this ObjectKind kind) => kind switch
    {
        ObjectKind.Rlock => "reentrant lock",
        ObjectKind.Unspecified => "object of no kind",
        _ => kind.ToString().ToLowerInvariant(),
    };

    /// <summary>An operation, such as <c>dict_set</c>.</summary>
    public static string OperationName(this ObjectRequest request) =>
        ((MessageDescriptor)ObjectRequest.Descriptor).FindFieldByNumber((int)request.OperationCase)?.Name ?? "nothing";
}
