using System.Globalization;

namespace Cluster.Node.Workers.Processes;

/// <summary>
/// What the .NET runtime of a process keeps in the temp folder for debuggers and tools: the ends of two pipes and a socket. It removes them when it ends
/// in order, so each kill would leave some behind.
/// </summary>
internal sealed class DiagnosticFiles
{
    // Field 22 of /proc/PID/stat, counted from behind the name, which may hold spaces and parentheses.
    private const int StartTimeField = 19;

    private readonly string[] _names;

    private DiagnosticFiles(string[] names) => _names = names;

    /// <summary>Finds out their names; to be called while the process is there.</summary>
    public static DiagnosticFiles Of(int pid)
    {
        try
        {
            return OperatingSystem.IsLinux() ? new DiagnosticFiles(Names(pid, StartTime(File.ReadAllText($"/proc/{pid}/stat")))) : new DiagnosticFiles([]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is gone already, before its runtime was up.
            return new DiagnosticFiles([]);
        }
    }

    /// <summary>Deletes those that are left; to be called when the process is gone.</summary>
    public void Delete(string folder)
    {
        foreach (var name in _names)
        {
            try
            {
                File.Delete(Path.Combine(folder, name));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Nobody needs it any more; that it stays does no harm to the node.
            }
        }
    }

    /// <summary>
    /// The runtime names them by process id and start time. Both count: the temp folder may be shared with containers, where the same id is somebody else's.
    /// </summary>
    internal static string[] Names(int pid, string startTime) =>
    [
        string.Create(CultureInfo.InvariantCulture, $"clr-debug-pipe-{pid}-{startTime}-in"),
        string.Create(CultureInfo.InvariantCulture, $"clr-debug-pipe-{pid}-{startTime}-out"),
        string.Create(CultureInfo.InvariantCulture, $"dotnet-diagnostic-{pid}-{startTime}-socket"),
    ];

    /// <summary>When a process was started, in the kernel's ticks.</summary>
    internal static string StartTime(string stat) => stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[StartTimeField];
}
