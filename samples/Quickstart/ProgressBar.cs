using Cluster.Client;

namespace Cluster.Samples.Quickstart;

/// <summary>A one-line progress bar on stderr; silent where stderr is not a terminal.</summary>
internal sealed class ProgressBar : IProgress<JobProgress>
{
    private const int Width = 40;

    public void Report(JobProgress value)
    {
        if (Console.IsErrorRedirected || value.Total is not > 0)
        {
            return;
        }

        var done = (double)value.Completed / value.Total.Value;
        var bar = new string('#', (int)(done * Width)).PadRight(Width, '.');
        Console.Error.Write($"\r[{bar}] {done,4:P0}  {value.Completed:N0} of {value.Total:N0} files, {value.ItemsPerSecond:N0}/s  ");
    }

    public static void Finish()
    {
        if (!Console.IsErrorRedirected)
        {
            Console.Error.WriteLine();
        }
    }
}
