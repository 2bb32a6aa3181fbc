namespace Cluster.Client.Connection;

/// <summary>There is no coordinator for now, and whoever needs it wants to dial again. Never reaches the user.</summary>
/// <param name="problem">What was seen.</param>
internal sealed class ConnectionBrokenException(Exception problem) : Exception(problem.Message, problem);
