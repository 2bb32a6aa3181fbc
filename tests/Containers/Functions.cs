using Cluster.Client;
using Cluster.Containers.Running;

namespace Cluster.Containers;

/// <summary>What the jobs of these tests run.</summary>
public static class Functions
{
    /// <summary>Notes that it was begun, waits until it may end, and multiplies a number with itself.</summary>
    [ClusterFunction("square")]
    public static async Task<int> SquareAsync(string runs, int x)
    {
        await Runs.NoteAndWaitAsync(runs, x);
        return x * x;
    }
}
