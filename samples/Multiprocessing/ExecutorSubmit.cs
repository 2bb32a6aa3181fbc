using Cluster.Client;

namespace Cluster.Samples.Multiprocessing;

/// <summary>"ProcessPoolExecutor with submit()".</summary>
internal static class ExecutorSubmit
{
    private static string DownloadFile(string url)
    {
        Thread.Sleep(2000);
        return $"Downloaded {url}";
    }

    public static async Task RunAsync()
    {
        var urls = Enumerable.Range(0, 5).Select(i => $"http://example.com/file{i}");

        await using var executor = await LocalCluster.StartAsync(new LocalClusterOptions { WorkersPerNode = 3 });
        var futures = urls.Select(url => executor.Client.Submit(DownloadFile, url)).ToList();

        await foreach (var future in ClusterFuture.AsCompleted(futures))
        {
            Console.WriteLine(await future);
        }
    }
}
