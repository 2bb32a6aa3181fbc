using System.Collections.Frozen;

namespace Cluster.Coordinator.Hosting.Access;

/// <summary>Which roles may call which method. What is not listed is for administrators.</summary>
internal static class MethodAccess
{
    private const Role Readers = Role.Read | Role.Submit | Role.Admin;
    private const Role Submitters = Role.Submit | Role.Admin;
    private const Role Nodes = Role.Node | Role.Admin;

    private static readonly string[] ForAnybody = ["/grpc.health.v1.Health/", "/grpc.reflection.v1.ServerReflection/", "/grpc.reflection.v1alpha.ServerReflection/"];

    private static readonly FrozenDictionary<string, Role> Rules = new (string Service, Role Roles, string[] Methods)[]
    {
        ("Jobs", Submitters, ["Run", "Map", "IMap", "Submit", "Cancel"]),
        ("Jobs", Readers, ["Get", "List", "Watch", "Results", "ResultBatches"]),

        // A question, with which clients also find out whether they are let in.
        ("Functions", Role.Any, ["Missing"]),
        ("Functions", Submitters, ["Upload", "Register", "Compile"]),
        ("Functions", Readers, ["List", "Find"]),
        ("Functions", Nodes, ["Download"]),
        ("Functions", Role.Admin, ["Unregister"]),
        ("Broadcasts", Submitters, ["Hold", "Upload"]),
        ("Broadcasts", Nodes, ["Download"]),
        ("Nodes", Nodes, ["Attach"]),
        ("Nodes", Readers, ["List"]),
        ("Nodes", Role.Admin, ["Drain"]),
        ("Dict", Readers, ["Get", "List", "Watch"]),
        ("Dict", Submitters, ["Set", "Delete", "CompareAndSet", "Increment", "Clear"]),

        // Of nodes: for their tasks.
        ("Objects", Submitters | Role.Node, ["Session"]),
    }
        .SelectMany(static rule => rule.Methods.Select(method => KeyValuePair.Create($"/cluster.v1.{rule.Service}/{method}", rule.Roles)))
        .ToFrozenDictionary(StringComparer.Ordinal);

    // What makes the coordinator work: it begins jobs, or brings bytes.
    private static readonly FrozenSet<string> Costly = new[] { "Jobs/Run", "Jobs/Map", "Jobs/IMap", "Jobs/Submit", "Functions/Upload", "Functions/Register", "Functions/Compile", "Broadcasts/Upload" }
        .Select(static method => $"/cluster.v1.{method}")
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether calls of a method are counted against the limit of their caller.</summary>
    public static bool IsCostly(string path) => Costly.Contains(path);

    /// <summary>Whether a method is listed.</summary>
    public static bool IsKnown(string path) => Rules.ContainsKey(path);

    /// <summary>Who may call a method.</summary>
    public static Role Of(string path) =>
        Rules.TryGetValue(path, out var roles) ? roles
        : ForAnybody.Any(prefix => path.StartsWith(prefix, StringComparison.Ordinal)) ? Role.Any
        : Role.Admin;
}
