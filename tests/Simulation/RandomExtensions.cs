namespace Cluster.Simulation;

internal static class RandomExtensions
{
    /// <summary>Some time, mostly much shorter than the longest.</summary>
    public static TimeSpan NextSeconds(this Random random, double longest)
    {
        double part = random.NextDouble();
        return TimeSpan.FromSeconds(part * part * longest);
    }
}
