namespace Cluster.Functional.Sharing;

/// <summary>What is asked of one entry of a dictionary.</summary>
internal enum EntryVerb
{
    Get,
    Set,
    CompareAndSet,
    TryAdd,
    Increment,
    Remove,
}
