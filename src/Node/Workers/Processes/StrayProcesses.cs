using System.Diagnostics;
using Cluster.Protocol.Processes;

namespace Cluster.Node.Workers.Processes;

/// <summary>
/// What tasks have started and their workers have left behind. It falls to the worker for as long as that lives, and with its end to the node, whose children are its workers and nobody
/// else: the others are strays, and end.
/// </summary>
internal static class StrayProcesses
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // A child is known before anybody can look for strays.
    private static readonly Lock Gate = new();
    private static readonly HashSet<int> Known = [];
    private static bool _adopts;

    /// <summary>Has strays fall to this process, which has to be a node's own. Whatever children it has already are none.</summary>
    public static void Adopt()
    {
        lock (Gate)
        {
            Known.UnionWith(Orphans.Children());
            _adopts = Orphans.TryAdopt();
        }
    }

    /// <summary>Starts a child that is none.</summary>
    public static Process? Start(ProcessStartInfo info)
    {
        lock (Gate)
        {
            var process = Process.Start(info);
            if (process is not null)
            {
                Known.Add(process.Id);
            }

            return process;
        }
    }

    /// <summary>A child has ended, and was waited for: its id may be another's by now.</summary>
    public static void Forget(int id)
    {
        lock (Gate)
        {
            Known.Remove(id);
        }
    }

    /// <summary>Ends those that there are. With each its children become strays, so that this looks until there are none; nobody tells when they have ended.</summary>
    public static async Task EndAsync(TimeProvider time)
    {
        var begun = time.GetTimestamp();
        while (EndNow() && time.GetElapsedTime(begun) < Patience)
        {
            await Task.Delay(LookAgain, time).ConfigureAwait(false);
        }
    }

    private static bool EndNow()
    {
        lock (Gate)
        {
            var any = false;
            foreach (var id in _adopts ? Orphans.Children() : [])
            {
                if (Known.Contains(id))
                {
                    continue;
                }

                // Also after one that has ended: its children may have come here after they were looked at.
                any = true;
                if (!Orphans.TryReap(id))
                {
                    Orphans.Kill(id);
                }
            }

            return any;
        }
    }
}
