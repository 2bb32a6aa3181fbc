using Cluster.Protocol.V1;

namespace Cluster.Client;

/// <summary>The cluster as the tasks of this process see it. Set by the worker, once, before any of them runs.</summary>
internal static class TaskCluster
{
    private static Lazy<ClusterClient>? _client;
    private static Func<CodeFile, string>? _fetch;

    /// <summary>It; made when it is first needed.</summary>
    /// <exception cref="InvalidOperationException">This process runs no tasks.</exception>
    public static ClusterClient Client => _client?.Value
        ?? throw new InvalidOperationException("This process runs no tasks: a shared object can be given to a task, and cannot come back as its result. Return its name, or what is in it.");

    /// <summary>Has the node get the file of a broadcast, and says where it is. The call waits for it.</summary>
    /// <exception cref="InvalidOperationException">This process runs no tasks.</exception>
    public static Func<CodeFile, string> FetchBroadcast => _fetch
        ?? throw new InvalidOperationException("This process runs no tasks: a broadcast can be given to a task, and cannot come back as its result. Return what is in it.");

    public static void Use(Func<ClusterClient> make, Func<CodeFile, string> fetch)
    {
        _client = new Lazy<ClusterClient>(make);
        _fetch = fetch;
    }
}
