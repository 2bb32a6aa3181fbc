namespace Cluster.Protocol;

/// <summary>
/// The version of what travels between client, coordinator, node and worker. Software of different versions works together as long as
/// the protocol versions meet: only what cannot be understood is refused.
/// </summary>
public static class ProtocolVersion
{
    /// <summary>The version that this build speaks.</summary>
    public const uint Current = 1;

    /// <summary>The oldest version that this build still understands.</summary>
    public const uint MinSupported = 1;

    /// <summary>Decides whether this process can serve a peer that announced one version, as clients and nodes do.</summary>
    /// <param name="self">Who is asking, for the message: such as <c>coordinator 0.1.0</c>.</param>
    /// <param name="peer">Who announced the version, for the message: such as <c>node blade-7 (0.2.0)</c>.</param>
    /// <param name="peerVersion">The version that the peer speaks.</param>
    /// <returns>Null if they understand each other; otherwise a text that names both sides and says which one to update.</returns>
    public static string? CheckPeer(string self, string peer, uint peerVersion) =>
        CheckServed(peer, peerVersion, self, MinSupported, Current);

    /// <summary>Decides whether a coordinator can serve this process, from the range of versions that the coordinator announced.</summary>
    /// <param name="self">Who is asking, for the message: such as <c>client 0.1.0</c>.</param>
    /// <param name="server">Who announced the range, for the message: such as <c>coordinator 0.2.0 at http://10.0.0.1:7070</c>.</param>
    /// <param name="serverMin">The oldest version that the coordinator serves.</param>
    /// <param name="serverCurrent">The newest version that the coordinator serves.</param>
    /// <returns>Null if they understand each other; otherwise a text that names both sides and says which one to update.</returns>
    public static string? CheckServer(string self, string server, uint serverMin, uint serverCurrent) =>
        CheckServed(self, Current, server, serverMin, serverCurrent);

    internal static string? CheckServed(string speaker, uint spoken, string server, uint serverMin, uint serverCurrent)
    {
        if (spoken >= serverMin && spoken <= serverCurrent)
        {
            return null;
        }

        var served = serverMin == serverCurrent ? $"version {serverCurrent} only" : $"versions {serverMin} to {serverCurrent}";
        var behind = spoken < serverMin ? speaker : server;
        return $"Protocol versions do not meet: {speaker} speaks version {spoken}, {server} understands {served}. "
            + $"Update the older side: {behind}.";
    }
}
