using System.Globalization;
using System.Runtime.InteropServices;

namespace Cluster.Protocol.Processes;

/// <summary>
/// Processes that detach themselves: whose parent ends, so that another becomes it. Nodes and workers are who they fall to (Linux's <c>PR_SET_CHILD_SUBREAPER</c>), which lets a program
/// that a task has started leave its session and its group, and still not outlive the task's worker. On other systems nothing is done.
/// </summary>
public static partial class Orphans
{
    private const int SetChildSubreaper = 36;
    private const int KillSignal = 9;
    private const int DoNotWait = 1;
    private const int MostRounds = 100;
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMinutes(1);
    private static readonly Lock Gate = new();
    private static HashSet<(int Id, string Begun)> _dead = [];
    private static long? _lookedAt;

    /// <summary>Has descendants of this process fall to it when their parent ends.</summary>
    /// <returns>False: this system knows no such thing.</returns>
    public static bool TryAdopt() => OperatingSystem.IsLinux() && SetOption(SetChildSubreaper, 1, 0, 0, 0) == 0;

    /// <summary>The processes whose parent this one is, those included that have ended and nobody has waited for.</summary>
    public static IReadOnlyList<int> Children() => [.. Table().Where(static entry => entry.Parent == Environment.ProcessId).Select(static entry => entry.Id)];

    /// <summary>Ends one process now, if it is there.</summary>
    /// <param name="id">Which.</param>
    public static void Kill(int id) => _ = Signal(id, KillSignal);

    /// <summary>Waits for a child that has ended, so that the system forgets it. Not for those that a <see cref="System.Diagnostics.Process"/> of this process stands for.</summary>
    /// <param name="id">Which.</param>
    /// <returns>Whether it had ended.</returns>
    public static bool TryReap(int id) => WaitFor(id, IntPtr.Zero, DoNotWait) == id;

    /// <summary>Ends all that descend from this process. For its own end: what is forked meanwhile is found in the next round.</summary>
    public static void KillDescendants()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        // Twice none: while the table is read a child may come to another parent, and be overlooked.
        for (var (round, quiet) = (0, 0); round < MostRounds && quiet < 2; round++)
        {
            var alive = Descendants().Where(static entry => !entry.HasEnded).ToList();
            alive.ForEach(static entry => Kill(entry.Id));
            quiet = alive.Count == 0 ? quiet + 1 : 0;
        }
    }

    /// <summary>
    /// Has the system forget children that ended and that nobody waits for. Whoever has started a child waits for it at once; the others are those that have fallen to this process, and have
    /// been dead for a minute at least.
    /// </summary>
    public static void ReapForgotten()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        lock (Gate)
        {
            if (_lookedAt is { } last && TimeProvider.System.GetElapsedTime(last) < LookPeriod)
            {
                return;
            }

            _lookedAt = TimeProvider.System.GetTimestamp();
            var now = Table().Where(static entry => entry.Parent == Environment.ProcessId && entry.HasEnded).Select(static entry => (entry.Id, entry.Begun)).ToHashSet();
            foreach (var (id, _) in now.Intersect(_dead))
            {
                TryReap(id);
            }

            _dead = now;
        }
    }

    private static List<Entry> Descendants()
    {
        var byParent = Table().ToLookup(static entry => entry.Parent);
        List<Entry> found = [.. byParent[Environment.ProcessId]];
        for (var i = 0; i < found.Count; i++)
        {
            found.AddRange(byParent[found[i].Id]);
        }

        return found;
    }

    private static IEnumerable<Entry> Table()
    {
        foreach (var folder in OperatingSystem.IsLinux() ? Directory.EnumerateDirectories("/proc") : [])
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Read(id) is { } entry)
            {
                yield return entry;
            }
        }
    }

    private static Entry? Read(int id)
    {
        try
        {
            // 4242 (name, which may have blanks and brackets) S 4200 … and, 20th behind the name, when it began.
            var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new Entry(id, int.Parse(fields[1], CultureInfo.InvariantCulture), fields[0] is "Z" or "X", fields[19]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile.
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "prctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetOption(int option, nuint value, nuint unused3, nuint unused4, nuint unused5);

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Signal(int id, int signal);

    [LibraryImport("libc", EntryPoint = "waitpid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int WaitFor(int id, IntPtr status, int options);

    private readonly record struct Entry(int Id, int Parent, bool HasEnded, string Begun);
}
