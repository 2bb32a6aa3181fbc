namespace Cluster.Node.Hosting;

/// <summary>Notices the end of the parent process: it holds the other end of this process's stdin.</summary>
internal static class ParentWatch
{
    /// <summary>Calls <paramref name="onGone"/> when stdin ends.</summary>
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
