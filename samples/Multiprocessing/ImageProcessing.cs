using System.Diagnostics;
using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>"Parallel image processing example".</summary>
internal static class ImageProcessing
{
    private static string ProcessImage(string imagePath)
    {
        Console.WriteLine($"Processing {imagePath}");
        Thread.Sleep(1000);
        return $"Processed {imagePath}";
    }

    public static async Task RunAsync()
    {
        var images = Enumerable.Range(0, 20).Select(i => $"image_{i}.jpg").ToList();

        var clock = Stopwatch.StartNew();
        var results = images.Select(ProcessImage).ToList();
        var sequential = clock.Elapsed.TotalSeconds;
        Console.WriteLine($"Sequential: {sequential:F2}s");

        clock.Restart();
        await using (var executor = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 4 }))
        {
            results = [.. await executor.Client.MapAsync(ProcessImage, images)];
        }

        var parallel = clock.Elapsed.TotalSeconds;
        Console.WriteLine($"Parallel: {parallel:F2}s");
        Console.WriteLine($"Speedup: {sequential / parallel:F2}x");
    }
}
