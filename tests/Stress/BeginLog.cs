using System.Diagnostics;
using System.Globalization;

namespace Cluster.Stress;

/// <summary>A folder in which items note when they begin, wherever they run: the monotonic clock is that of the whole machine.</summary>
internal sealed class BeginLog(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-begun-");

    public string Path => _folder.FullName;

    /// <summary>Called by items. The entry appears in one piece.</summary>
    public static void Write(string path, int item)
    {
        var file = System.IO.Path.Combine(path, string.Create(CultureInfo.InvariantCulture, $"{item}.{Environment.ProcessId}.{Guid.NewGuid():N}"));
        File.WriteAllText(file + ".part", Stopwatch.GetTimestamp().ToString(CultureInfo.InvariantCulture));
        File.Move(file + ".part", file);
    }

    /// <summary>Waits until an item has begun so many times.</summary>
    /// <returns>Process and time of each, in order.</returns>
    public async Task<(int Process, long At)[]> WaitForAsync(int item, int times, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Look, time);
        while (true)
        {
            var begun = _folder.EnumerateFiles($"{item}.*").Where(static file => file.Extension != ".part").Select(Read).OrderBy(static entry => entry.At).ToArray();
            if (begun.Length >= times)
            {
                return begun;
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static (int Process, long At) Read(FileInfo file) =>
        (int.Parse(file.Name.Split('.')[1], CultureInfo.InvariantCulture), long.Parse(File.ReadAllText(file.FullName), CultureInfo.InvariantCulture));
}
