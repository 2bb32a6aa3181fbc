namespace Cluster.Protocol;

/// <summary>Notices the end of the parent process: parents hold the other end of stdin as long as they live, and agree on that with their children.</summary>
public static class ParentWatch
{
    /// <summary>Calls <paramref name="onGone"/>, on a thread of its own, when stdin ends or breaks.</summary>
    /// <param name="stdin">This process's stdin.</param>
    /// <param name="onGone">What to do then.</param>
    public static void Start(Stream stdin, Action onGone)
    {
        // A blocking read on a thread of its own: it must be noticed whatever the thread pool is busy with.
        var thread = new Thread(() =>
        {
            WaitForEnd(stdin);
            onGone();
        })
        {
            IsBackground = true,
            Name = "parent watch",
        };
        thread.Start();
    }

    private static void WaitForEnd(Stream stdin)
    {
        Span<byte> ignored = stackalloc byte[256];
        try
        {
            while (stdin.Read(ignored) > 0)
            {
            }
        }
        catch (IOException)
        {
            // A broken stdin means the same as its end.
        }
    }
}
