using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Cluster.TestKit.Processes;

/// <summary>Marks a process and all its descendants by a variable in their environment, so that a test can ask whether any is left. Linux only.</summary>
public sealed class ProcessMark
{
    private const string Variable = "CLUSTER_TEST_MARK";
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(10);

    private readonly string _value = Guid.NewGuid().ToString("N");

    public void Set(ProcessStartInfo startInfo) => startInfo.Environment[Variable] = _value;

    /// <summary>The marked processes that are alive, with their command lines.</summary>
    public IReadOnlyDictionary<int, string> FindAlive()
    {
        var mark = Encoding.UTF8.GetBytes($"{Variable}={_value}");
        var alive = new Dictionary<int, string>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
            {
                continue;
            }

            try
            {
                // The environment of a process that has ended, waited for or not, is empty.
                if (File.ReadAllBytes(Path.Combine(directory, "environ")).AsSpan().IndexOf(mark) >= 0)
                {
                    alive[pid] = File.ReadAllText(Path.Combine(directory, "cmdline")).Replace('\0', ' ');
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has ended meanwhile, or is somebody else's.
            }
        }

        return alive;
    }

    /// <summary>Waits until no marked process is left. There is no signal for the end of a grandchild; so this looks again and again.</summary>
    /// <exception cref="TimeoutException">Some are left; the message names them.</exception>
    public async Task WaitUntilNoneIsLeftAsync(TimeSpan deadline, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (FindAlive() is { Count: > 0 } alive)
        {
            if (TimeProvider.System.GetElapsedTime(start) > deadline)
            {
                throw new TimeoutException($"After {deadline.TotalSeconds} s there are still: {string.Join("; ", alive.Select(process => $"{process.Key} {process.Value}"))}");
            }

            await Task.Delay(LookAgain, TimeProvider.System, cancellationToken);
        }
    }
}
