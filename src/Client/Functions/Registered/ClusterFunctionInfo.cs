using Cluster.Protocol.V1;

namespace Cluster.Client;

/// <summary>A function that can be called by name.</summary>
public sealed record ClusterFunctionInfo
{
    /// <summary>What to call it by, such as <c>samples/square</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it takes, without a cancellation token.</summary>
    public IReadOnlyList<ClusterFunctionParameter> Parameters { get; init; } = [];

    /// <summary>Type of the result as C# writes it; <c>void</c> for none.</summary>
    public string Result { get; init; } = "void";

    /// <summary>For people; may be empty.</summary>
    public string Description { get; init; } = "";

    /// <summary>The method, as <c>Namespace.Type.Method</c>.</summary>
    public string Method { get; init; } = "";

    internal static ClusterFunctionInfo From(RegisteredFunction function) => new()
    {
        Name = function.Name,
        Parameters = [.. function.Parameters.Select(static parameter => new ClusterFunctionParameter(parameter.Name, parameter.Type, parameter.Description))],
        Result = function.Result,
        Description = function.Description,
        Method = function.Method,
    };
}
