namespace Cluster.Coordinator.Jobs;

/// <summary>What is wrong with a request.</summary>
/// <param name="Field">Which field of it, as the protos call it.</param>
/// <param name="Message">What, for people.</param>
internal readonly record struct FieldFault(string Field, string Message);
