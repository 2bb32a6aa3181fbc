namespace Cluster.Cli.Top;

/// <summary>Waits for the key that ends <c>cluster top</c>.</summary>
internal static class QuitKey
{
    /// <returns>Done when <c>q</c> was pressed; never where no keys can be read.</returns>
    public static Task WatchAsync()
    {
        var pressed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!Console.IsInputRedirected)
        {
            // A read of a key cannot be cancelled: the thread ends with the process.
            new Thread(() => Watch(pressed)) { IsBackground = true, Name = "Keys" }.Start();
        }

        return pressed.Task;
    }

    private static void Watch(TaskCompletionSource pressed)
    {
        try
        {
            while (Console.ReadKey(intercept: true).KeyChar is not ('q' or 'Q'))
            {
                // Every other key means nothing.
            }

            pressed.TrySetResult();
        }
        catch (InvalidOperationException)
        {
            // The terminal is gone, and a signal tells of that.
        }
    }
}
