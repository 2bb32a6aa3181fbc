namespace Cluster.Node.Workers.Processes;

/// <summary>
/// How long to wait before a worker is started. A worker that had been ready is replaced at once; workers that die before they
/// are ready are started ever more slowly, and when none has come up after many attempts the pool gives up: something is wrong
/// that starting again does not mend.
/// </summary>
internal sealed class StartBackoff
{
    /// <summary>Deaths at the start, one after another and with no success between, after which a person should look.</summary>
    public const int ExplainAfter = 3;

    /// <summary>… and after which the pool gives up.</summary>
    public const int GiveUpAfter = 12;

    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Last = TimeSpan.FromSeconds(5);

    /// <summary>Deaths at the start since a worker last came up.</summary>
    public int Failures { get; private set; }

    public bool IsHopeless => Failures >= GiveUpAfter;

    public void Ready() => Failures = 0;

    public void DiedAtStart() => Failures++;

    public TimeSpan Delay => Failures == 0 ? TimeSpan.Zero : Min(First * Math.Pow(2, Math.Min(Failures - 1, 20)), Last);

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
