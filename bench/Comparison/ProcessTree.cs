using System.Globalization;

namespace Cluster.Bench.Comparison;

/// <summary>Reads from /proc what this program and its descendants have needed at most.</summary>
internal static class ProcessTree
{
    /// <summary>Peak resident memory in MiB, by process name and id; empty where there is no /proc.</summary>
    public static IReadOnlyList<(string Name, int Pid, double PeakMiB)> PeakMemory()
    {
        if (!Directory.Exists("/proc/self"))
        {
            return [];
        }

        var parents = new Dictionary<int, int>();
        var processes = new Dictionary<int, (string Name, double PeakMiB)>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), out var pid) && Read(directory) is var (name, parent, peak))
            {
                parents[pid] = parent;
                processes[pid] = (name, peak);
            }
        }

        return
        [
            .. processes
                .Where(process => IsOurs(process.Key, parents))
                .OrderBy(process => process.Key)
                .Select(process => (process.Value.Name, process.Key, process.Value.PeakMiB)),
        ];
    }

    private static bool IsOurs(int pid, Dictionary<int, int> parents)
    {
        for (; pid > 0; pid = parents.GetValueOrDefault(pid))
        {
            if (pid == Environment.ProcessId)
            {
                return true;
            }
        }

        return false;
    }

    private static (string Name, int Parent, double PeakMiB)? Read(string directory)
    {
        try
        {
            var fields = File.ReadLines(Path.Combine(directory, "status"))
                .Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
                .ToDictionary(field => field[0], field => field[1]);
            if (!fields.TryGetValue("VmHWM", out var peak))
            {
                return null;
            }

            var arguments = File.ReadAllText(Path.Combine(directory, "cmdline")).Split('\0');
            var name = arguments.FirstOrDefault(argument => argument.EndsWith(".dll", StringComparison.Ordinal)) ?? arguments[0];
            return (
                Path.GetFileName(name),
                int.Parse(fields["PPid"], CultureInfo.InvariantCulture),
                double.Parse(peak.Split(' ')[0], CultureInfo.InvariantCulture) / 1024);
        }
        catch (IOException)
        {
            // The process ended while it was being read.
            return null;
        }
    }
}
