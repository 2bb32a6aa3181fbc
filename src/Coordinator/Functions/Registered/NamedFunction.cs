using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Functions.Registered;

/// <summary>A function that was found by its name.</summary>
/// <param name="Name">What it is called in messages: <c>samples/square</c>.</param>
/// <param name="Description">What it takes and gives.</param>
/// <param name="Reference">What a job's spec says.</param>
internal sealed record NamedFunction(string Name, RegisteredFunction Description, Function Reference)
{
    /// <summary>The version that its name stands for; empty where there are none.</summary>
    public string Version { get; init; } = "";

    /// <summary>What it takes: <c>samples/power(int x, int exponent)</c>.</summary>
    public string Signature => $"{Name}({string.Join(", ", Description.Parameters.Select(static parameter => $"{parameter.Type} {parameter.Name}"))})";
}
