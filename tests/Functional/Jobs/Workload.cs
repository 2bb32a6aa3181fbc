namespace Cluster.Functional.Jobs;

/// <summary>What the functions of these tests spend their time with, in the workers.</summary>
internal static class Workload
{
#pragma warning disable RS0030 // Work that takes its time, not a test that waits for something.
    /// <summary>Takes a while without using a processor.</summary>
    public static int Sleep(int milliseconds)
    {
        Thread.Sleep(milliseconds);
        return milliseconds;
    }

    /// <summary>Never ends by itself and looks at no token.</summary>
    public static int Hang(int x)
    {
        Thread.Sleep(Timeout.Infinite);
        return x;
    }
#pragma warning restore RS0030
}
