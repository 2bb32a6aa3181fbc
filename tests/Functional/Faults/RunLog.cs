using System.Globalization;

namespace Cluster.Functional.Faults;

/// <summary>A folder in which the functions of a test note which items they have begun, wherever they run: a file for each time.</summary>
internal sealed class RunLog : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-runs-");

    // No item: it has no dot in its name.
    private const string ReleaseFile = "released";

    public string Path => _folder.FullName;

    private IEnumerable<FileInfo> Entries => _folder.EnumerateFiles().Where(static file => file.Name != ReleaseFile);

    /// <summary>Called by functions.</summary>
    public static void Write(string path, int item) =>
        File.Create(System.IO.Path.Combine(path, string.Create(CultureInfo.InvariantCulture, $"{item}.{Guid.NewGuid():N}"))).Dispose();

    /// <summary>Called by functions whose items are to run until the test has seen enough.</summary>
    public static void WriteAndWait(string path, int item)
    {
        Write(path, item);
        while (!File.Exists(System.IO.Path.Combine(path, ReleaseFile)))
        {
            Jobs.Workload.Sleep(5);
        }
    }

    /// <summary>Lets the items that wait come to their end.</summary>
    public void Release() => File.WriteAllText(System.IO.Path.Combine(Path, ReleaseFile), "");

    /// <summary>The items that were begun, in order; one that was begun twice comes twice.</summary>
    public IReadOnlyList<int> Begun =>
        [.. Entries.Select(file => int.Parse(file.Name.AsSpan(0, file.Name.IndexOf('.')), CultureInfo.InvariantCulture)).Order()];

    /// <summary>Waits until so many were begun. What runs in other processes gives no signal; so this looks again and again.</summary>
    public async Task WaitForAsync(int count, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        while (Entries.Count() < count)
        {
            await timer.WaitForNextTickAsync(either.Token);
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
