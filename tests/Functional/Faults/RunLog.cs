using System.Globalization;

namespace Cluster.Functional.Faults;

/// <summary>A folder in which the functions of a test note which items they have begun, wherever they run: a file for each time.</summary>
internal sealed class RunLog : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-runs-");

    public string Path => _folder.FullName;

    /// <summary>Called by functions.</summary>
    public static void Write(string path, int item) =>
        File.Create(System.IO.Path.Combine(path, string.Create(CultureInfo.InvariantCulture, $"{item}.{Guid.NewGuid():N}"))).Dispose();

    /// <summary>The items that were begun, in order; one that was begun twice comes twice.</summary>
    public IReadOnlyList<int> Begun =>
        [.. _folder.EnumerateFiles().Select(file => int.Parse(file.Name.AsSpan(0, file.Name.IndexOf('.')), CultureInfo.InvariantCulture)).Order()];

    /// <summary>Waits until so many were begun. What runs in other processes gives no signal; so this looks again and again.</summary>
    public async Task WaitForAsync(int count, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        while (_folder.EnumerateFiles().Count() < count)
        {
            await timer.WaitForNextTickAsync(either.Token);
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
