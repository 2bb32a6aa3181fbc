using Cluster.Client;

namespace Cluster.Cli.Output;

/// <summary>A function that can be called by name, as <c>cluster functions --json</c> prints it.</summary>
internal sealed record FunctionLine(
    string Name,
    IReadOnlyList<ClusterFunctionParameter> Parameters,
    string Result,
    string Description,
    string Method,
    string Set,
    string Version,
    DateTimeOffset RegisteredAt,
    IReadOnlyList<string> OtherVersions)
{
    public static void Print(IReadOnlyList<ClusterFunctionSet> sets, bool json)
    {
        if (json)
        {
            Listing.PrintLines(sets.SelectMany(static set => set.Functions.Select(function => Of(set, function))), CliJson.Default.FunctionLine);
        }
        else
        {
            Listing.PrintTable(
                ["FUNCTION", "RESULT", "VERSION", "PREVIOUS", "DESCRIPTION"], sets.SelectMany(static set => set.Functions.Select(function => Row(set, function))));
        }
    }

    private static FunctionLine Of(ClusterFunctionSet set, ClusterFunctionInfo function) => new(
        function.Name, function.Parameters, function.Result, function.Description, function.Method, set.Name, set.Version, set.RegisteredAt, set.OtherVersions);

    private static string[] Row(ClusterFunctionSet set, ClusterFunctionInfo function) =>
    [
        $"{function.Name}({string.Join(", ", function.Parameters.Select(static parameter => $"{parameter.Type} {parameter.Name}"))})",
        function.Result, set.Version, set.OtherVersions is [var last, ..] ? last : "", function.Description,
    ];
}
