namespace Cluster.Coordinator.Hosting;

/// <summary>Notices the death of the parent process, which holds the other end of stdin as long as it lives.</summary>
internal static class ParentWatch
{
    /// <summary>Calls <paramref name="parentGone"/> when stdin ends.</summary>
    public static void Start(Action parentGone)
    {
        // Reading a console or a pipe blocks its thread, so it gets one of its own.
        var thread = new Thread(() => ReadToEnd(parentGone)) { IsBackground = true, Name = "parent watch" };
        thread.Start();
    }

    private static void ReadToEnd(Action parentGone)
    {
        using var input = Console.OpenStandardInput();
        Span<byte> buffer = stackalloc byte[256];
        while (input.Read(buffer) > 0)
        {
            // Only the end matters.
        }

        parentGone();
    }
}
