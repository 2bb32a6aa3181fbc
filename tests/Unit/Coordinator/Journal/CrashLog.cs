using Cluster.Coordinator.Journal;
using Xunit;

namespace Cluster.Unit.Coordinator.Journal;

/// <summary>What was added to a journal, and what of it a crash may take.</summary>
internal sealed class CrashLog(FsyncPolicy policy)
{
    private List<string> _added = [];
    private string[] _attempted = [];
    private int _safe;

    public int Count => _added.Count;

    public void Begin(string[] texts) => _attempted = texts;

    public void Appended()
    {
        _added.AddRange(_attempted);
        _attempted = [];
        if (policy == FsyncPolicy.Always)
        {
            Synced();
        }
    }

    public void Synced() => _safe = _added.Count;

    /// <summary>After a crash all that was safe is there, and of the rest the beginning. What could not be added may have come to the disk all the same.</summary>
    public void Check(List<string> there, string run)
    {
        Assert.True(there.Count >= _safe, $"In {run} {there.Count} of {_safe} safe entries are there.");
        Assert.True(_added.Concat(_attempted).Take(there.Count).SequenceEqual(there), $"In {run} other entries are there than were added.");
        (_added, _attempted, _safe) = (there, [], there.Count);
    }
}
