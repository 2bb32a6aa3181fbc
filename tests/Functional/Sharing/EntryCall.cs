namespace Cluster.Functional.Sharing;

/// <summary>One call about an entry of a dictionary.</summary>
/// <param name="Verb">What is asked.</param>
/// <param name="Value">What to set, or to add.</param>
/// <param name="Version">What a compare-and-set compares with; 0: no entry.</param>
internal sealed record EntryCall(EntryVerb Verb, long Value = 0, long Version = 0)
{
    public override string ToString() => Verb switch
    {
        EntryVerb.Get or EntryVerb.Remove => $"{Verb}",
        EntryVerb.CompareAndSet => $"{Verb}({Version}, {Value})",
        _ => $"{Verb}({Value})",
    };
}
