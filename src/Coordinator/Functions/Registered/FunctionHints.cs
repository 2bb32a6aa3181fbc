using Cluster.Protocol.Code;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Functions.Registered;

/// <summary>What somebody who named a function that is not there may have meant, as the end of a message: beginning with a space, or empty.</summary>
internal static class FunctionHints
{
    private const int Shown = 5;

    /// <summary>The nearest functions of all sets, or some of them.</summary>
    public static string Near(string name, IEnumerable<FunctionSetRecord> sets)
    {
        var names = sets.SelectMany(static set => set.Versions[^1].Functions.Select(function => $"{set.Name}/{function.Function.Name}")).ToArray();
        return Near(name, names, "No functions are registered: cluster push APP.dll --name SET.", "There are, for example, ");
    }

    /// <summary>The nearest functions of a version of a set, or some of them.</summary>
    public static string Near(string name, FunctionAddress address, FunctionVersionRecord version)
    {
        var prefix = name[..^address.Function.Length];
        return Near(name, [.. version.Functions.Select(function => prefix + function.Function.Name)], "", "There are ");
    }

    /// <summary>The nearest sets, or some of them.</summary>
    public static string NearSets(string name, IEnumerable<string> sets) =>
        Near(name, [.. sets], "None is registered: cluster push APP.dll --name SET.", "There are, for example, ");

    /// <summary>The versions of a set, the last one first.</summary>
    public static string Versions(FunctionSetRecord set) => List(set.Versions.Reverse().Select(static version => version.Version));

    private static string Near(string name, string[] names, string none, string some)
    {
        var near = NearNames.Suggest(name, names);
        return near.Length > 0 ? near
            : names.Length > 0 ? $" {some}{List(names)}."
            : none.Length > 0 ? $" {none}" : "";
    }

    private static string List(IEnumerable<string> names)
    {
        var all = names.ToArray();
        return string.Join(", ", all.Take(Shown)) + (all.Length > Shown ? $" and {all.Length - Shown} more" : "");
    }
}
