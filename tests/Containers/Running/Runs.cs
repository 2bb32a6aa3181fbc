using System.Globalization;

namespace Cluster.Containers.Running;

/// <summary>A folder that all nodes have, in which items note that they were begun: a file for each time. And from which they hear that they may end.</summary>
internal sealed class Runs
{
    private const string ReleaseFile = "released";
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public Runs(string folder)
    {
        // The nodes are another user.
        Folder = Directory.CreateDirectory(System.IO.Path.Combine(folder, $"runs-{Guid.NewGuid():N}")).FullName;
        File.SetUnixFileMode(Folder, (UnixFileMode)0b111_111_111);
    }

    public string Folder { get; }

    private IEnumerable<string[]> Entries => Directory.EnumerateFiles(Folder).Select(file => Path.GetFileName(file).Split('.')).Where(parts => parts.Length == 3);

    /// <summary>Called by functions: item such was begun on this node.</summary>
    public static void Note(string folder, int item) =>
        File.Create(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{item}.{Environment.MachineName}.{Guid.NewGuid():N}"))).Dispose();

    /// <summary>The same, and the item goes on until the test has seen enough.</summary>
    public static async Task NoteAndWaitAsync(string folder, int item)
    {
        Note(folder, item);
        while (!File.Exists(Path.Combine(folder, ReleaseFile)))
        {
            await Task.Delay(LookAgain, TimeProvider.System);
        }
    }

    /// <summary>Lets the items that wait come to their end.</summary>
    public void Release() => File.WriteAllText(Path.Combine(Folder, ReleaseFile), "");

    /// <summary>The items that were begun, in order; one that was begun twice comes twice.</summary>
    public IReadOnlyList<int> Begun => [.. Entries.Select(entry => int.Parse(entry[0], CultureInfo.InvariantCulture)).Order()];

    /// <summary>How many were begun on a node, by the name of its host.</summary>
    public int BegunOn(string host) => Entries.Count(entry => entry[1] == host);

    /// <summary>Waits until something holds of what was begun. There is no signal out of a container; so this looks again and again.</summary>
    public async Task WaitAsync(Func<Runs, bool> holds, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        while (!holds(this))
        {
            await Task.Delay(LookAgain, TimeProvider.System, deadline.Token);
        }
    }
}
