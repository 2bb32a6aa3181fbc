namespace Cluster.Interop.Doors;

/// <summary>A token of each role.</summary>
internal static class DoorTokens
{
    /// <summary>All roles, those that may least first.</summary>
    public static IReadOnlyList<string> Roles { get; } = ["read", "submit", "node", "admin"];

    /// <summary>What the coordinator's file says.</summary>
    public static string File { get; } = string.Join('\n', Roles.Select(static role => $"{role} {Of(role)} the-{role}"));

    /// <summary>The secret of a role's token.</summary>
    public static string Of(string role) => $"secret-of-{role}-0123456789";
}
