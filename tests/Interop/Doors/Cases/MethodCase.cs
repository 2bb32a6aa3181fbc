namespace Cluster.Interop.Doors.Cases;

/// <summary>What a method does when it is called, and by whom it may be.</summary>
/// <param name="Roles">Whose tokens let one in, the least first.</param>
/// <param name="RunAsync">Calls it, and looks at what comes back.</param>
internal sealed record MethodCase(string[] Roles, Func<Visit, Task> RunAsync);
