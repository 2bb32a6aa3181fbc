namespace Cluster.Interop.Doors.Cases;

/// <summary>A case for every method that is served.</summary>
internal static class MethodCases
{
    public static readonly string[] Anybody = ["read", "submit", "node", "admin"];
    public static readonly string[] Readers = ["read", "submit", "admin"];
    public static readonly string[] Submitters = ["submit", "admin"];
    public static readonly string[] Nodes = ["node", "admin"];
    public static readonly string[] Administrators = ["admin"];

    /// <summary>Of the coordinator, by their full names: <c>cluster.v1.Jobs/Map</c>.</summary>
    public static Dictionary<string, MethodCase> Coordinator { get; } =
        new Dictionary<string, MethodCase>[] { JobCases.All, FunctionCases.All, NodeCases.All, DictCases.All, ObjectCases.All, BroadcastCases.All, StandardCases.All }
            .SelectMany(static cases => cases)
            .ToDictionary(StringComparer.Ordinal);

    /// <summary>Of the status port.</summary>
    public static Dictionary<string, MethodCase> Status { get; } = ScalerCases.All.Concat(StandardCases.OfStatus).ToDictionary(StringComparer.Ordinal);
}
