using System.Globalization;

namespace Cluster.Stress;

/// <summary>What a process needs, as the kernel sees it.</summary>
/// <param name="Handles">Open files and sockets.</param>
/// <param name="Threads">Threads.</param>
/// <param name="ResidentMiB">Memory in use.</param>
internal readonly record struct Footprint(int Handles, int Threads, double ResidentMiB)
{
    public static Footprint Of(int process)
    {
        var status = File.ReadLines($"/proc/{process}/status").Select(line => line.Split(':', StringSplitOptions.TrimEntries)).ToDictionary(field => field[0], field => field[1]);
        return new Footprint(
            Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Count(),
            int.Parse(status["Threads"], CultureInfo.InvariantCulture),
            int.Parse(status["VmRSS"].Split(' ')[0], CultureInfo.InvariantCulture) / 1024.0);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Handles} · {Threads} · {ResidentMiB:F0}");
}
