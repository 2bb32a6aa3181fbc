namespace Cluster.Cli.Top;

/// <summary>A job that runs or waits, as <c>cluster top</c> shows it.</summary>
/// <param name="Job">Its id.</param>
/// <param name="Kind">submitted, stream or process.</param>
/// <param name="State">running or queued.</param>
/// <param name="Name">For people.</param>
/// <param name="Done">Items that are done, failures included.</param>
/// <param name="Total">How many there will be; null: nobody knows.</param>
/// <param name="Failed">How many have failed.</param>
/// <param name="Running">How many nodes have in hand.</param>
/// <param name="Rate">How many are done in a second; null: not known yet.</param>
/// <param name="SecondsLeft">How long the rest takes at this rate; null: not known.</param>
/// <param name="WaitingFor">Why nothing of it runs; null: something does.</param>
internal sealed record TopJob(
    string Job, string Kind, string State, string Name, long Done, long? Total, long Failed, long Running, double? Rate, double? SecondsLeft, string? WaitingFor)
{
    /// <summary>Of a process: where it runs.</summary>
    public string? Node { get; init; }

    /// <summary>Of a process: its id there.</summary>
    public int? Pid { get; init; }
}
