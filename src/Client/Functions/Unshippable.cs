using Cluster.Protocol.Code;

namespace Cluster.Client.Functions;

/// <summary>Why values of a type cannot be sent.</summary>
/// <param name="Path">The member to blame, after the name of the value: <c>.Log</c>, <c>.Orders[].Owner</c>; empty for the value itself.</param>
/// <param name="Type">The type of that member.</param>
/// <param name="Reason">Why it cannot be sent, and what to do, as the rest of a sentence that begins with what cannot.</param>
internal sealed record Unshippable(string Path, Type Type, string Reason)
{
    /// <summary>Says it about a value with a name.</summary>
    /// <param name="name">What the value is called where the user wrote it.</param>
    public string Describe(string name) => $"'{name}{Path}' ({MethodNames.Describe(Type)}) {Reason}";
}
