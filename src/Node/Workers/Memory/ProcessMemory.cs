using System.Globalization;

namespace Cluster.Node.Workers.Memory;

/// <summary>How much memory a process has, by /proc.</summary>
internal static class ProcessMemory
{
    /// <returns>Resident bytes; 0 where the process is gone.</returns>
    public static long Resident(int pid)
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

    /// <summary>The resident pages: the second number.</summary>
    internal static long Pages(string statm) =>
        statm.Split(' ') is [_, var resident, ..] && long.TryParse(resident, NumberStyles.None, CultureInfo.InvariantCulture, out var pages) ? pages : 0;
}
