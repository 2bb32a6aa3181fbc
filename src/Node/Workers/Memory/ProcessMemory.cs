using System.Globalization;

namespace Cluster.Node.Workers.Memory;

/// <summary>How much memory a process has, by /proc.</summary>
internal static class ProcessMemory
{
    /// <summary>What it alone has. Files that it has mapped, and memory that it shares with others, are not its to give back.</summary>
    /// <returns>Resident bytes; 0 where the process is gone.</returns>
    public static long Own(int pid)
    {
        try
        {
            return Pages(File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/statm"))) * Environment.SystemPageSize;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>The resident pages without those of files and shared memory: the second number without the third.</summary>
    internal static long Pages(string statm) => statm.Split(' ') is [_, var resident, var shared, ..] ? Number(resident) - Number(shared) : 0;

    private static long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
