namespace Cluster.Client;

/// <summary>A parameter of a function that can be called by name.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type as C# writes it.</param>
/// <param name="Description">For people; may be empty.</param>
public sealed record ClusterFunctionParameter(string Name, string Type, string Description);
