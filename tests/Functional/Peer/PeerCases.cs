using Cluster.Client;

namespace Cluster.Functional.Peer;

/// <summary>The cases of multiprocessing_cases.py with the SDK: what each says, by its name there. The second client is another process, as far as locks are concerned.</summary>
internal static class PeerCases
{
    /// <summary>Longer than nothing, and soon over.</summary>
    public static readonly TimeSpan NoTime = TimeSpan.FromMilliseconds(10);

    public static IReadOnlyDictionary<string, Func<ClusterClient, ClusterClient, Task<Said>>> ByName { get; } =
        new[] { DictionaryCases.All, ListCases.All, QueueCases.All, LockCases.All, BarrierCases.All, PipeCases.All }
            .SelectMany(static cases => cases)
            .ToDictionary(static each => each.Key, static each => each.Value);
}
