using System.Globalization;

namespace Cluster.Node.Workers.Memory;

/// <summary>How much memory the node may use: what the machine has, or less by the limit of a control group.</summary>
/// <param name="read">Reads a file; null where it cannot be read.</param>
internal sealed class NodeMemory(Func<string, string?> read)
{
    private const string Groups = "/sys/fs/cgroup";

    /// <summary>By the kernel's files.</summary>
    public static NodeMemory OfThisProcess => new(ReadFile);

    /// <returns>Bytes; null where the system does not say.</returns>
    public long? Limit()
    {
        if (MachineTotal() is not { } limit)
        {
            return null;
        }

        foreach (var line in (read("/proc/self/cgroup") ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // "0::/system.slice/node.service" (version 2), "4:memory:/docker/4fa6" (version 1)
            limit = line.Split(':', 3) switch
            {
                ["0", "", var path] => Math.Min(limit, LowestOf(Groups, path, "memory.max")),
                [_, var controllers, var path] when controllers.Split(',').Contains("memory") =>
                    Math.Min(limit, LowestOf($"{Groups}/memory", path, "memory.limit_in_bytes")),
                _ => limit,
            };
        }

        return limit;
    }

    /// <summary>The group's limit or, if lower, that of one above. In a container the path may be that on the host, of which only the root is there.</summary>
    private long LowestOf(string root, string path, string file)
    {
        var lowest = long.MaxValue;
        for (var group = path.Trim('/'); ; group = group[..Math.Max(0, group.LastIndexOf('/'))])
        {
            var folder = group.Length == 0 ? root : $"{root}/{group}";
            if (long.TryParse(read($"{folder}/{file}")?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 0)
            {
                lowest = Math.Min(lowest, limit);
            }

            if (group.Length == 0)
            {
                return lowest;
            }
        }
    }

    private long? MachineTotal()
    {
        // "MemTotal:       16309492 kB"
        var line = read("/proc/meminfo")?.Split('\n').FirstOrDefault(line => line.StartsWith("MemTotal:", StringComparison.Ordinal));
        var number = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(1);
        return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var kibibytes) ? kibibytes << 10 : null;
    }

    private static string? ReadFile(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Which of them there are depends on the system.
            return null;
        }
    }
}
