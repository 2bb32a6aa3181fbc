using Cluster.Functional.Faults;
using Cluster.Functional.Jobs;

namespace Cluster.Functional.Hosts;

/// <summary>What the jobs of these tests run; the command line finds it by name.</summary>
public static class HostWork
{
    /// <summary>A note of the beginning, a little work, and the square.</summary>
    public static int Square(string log, int x)
    {
        RunLog.Write(log, x);
        Workload.Sleep(30);
        return x * x;
    }

    /// <summary>Added to an item when its end is noted too.</summary>
    public const int Ended = 1000;

    /// <summary>The same as the next, and a note of the end.</summary>
    public static int SquareAndNoteTheEnd(string log, int x)
    {
        RunLog.WriteAndWait(log, x);
        RunLog.Write(log, Ended + x);
        return x * x;
    }

    /// <summary>The same as the first, but the work lasts until the test has seen enough.</summary>
    public static int SquareWhenReleased(string log, int x)
    {
        RunLog.WriteAndWait(log, x);
        return x * x;
    }
}
