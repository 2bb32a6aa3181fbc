namespace Cluster.Samples.Multiprocessing;

/// <summary>"Getting Started": how many CPUs this process may use.</summary>
internal static class CpuCount
{
    public static Task Main()
    {
        Console.WriteLine(Environment.ProcessorCount);
        return Task.CompletedTask;
    }
}
