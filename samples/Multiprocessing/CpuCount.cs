namespace Cluster.Samples.Multiprocessing;

/// <summary>"Getting Started": how many CPUs this process may use.</summary>
internal static class CpuCount
{
    public static Task RunAsync()
    {
        Console.WriteLine(Environment.ProcessorCount);
        return Task.CompletedTask;
    }
}
