namespace Cluster.TestKit;

/// <summary>Turns a hang into a failure that says where.</summary>
public static class Deadline
{
    private static readonly TimeSpan Default = TimeSpan.FromSeconds(60);

    public static async Task Within(
        this Task task, [System.Runtime.CompilerServices.CallerFilePath] string file = "", [System.Runtime.CompilerServices.CallerLineNumber] int line = 0)
    {
        try
        {
            await task.WaitAsync(Default, TimeProvider.System);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw new TimeoutException($"Still waiting after {Default.TotalSeconds} s at {Path.GetFileName(file)}:{line}.");
        }
    }

    public static async Task<T> Within<T>(
        this Task<T> task, [System.Runtime.CompilerServices.CallerFilePath] string file = "", [System.Runtime.CompilerServices.CallerLineNumber] int line = 0)
    {
        await ((Task)task).Within(file, line);
        return await task;
    }
}
