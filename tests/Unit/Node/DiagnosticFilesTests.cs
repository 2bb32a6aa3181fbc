using Cluster.Node.Workers.Processes;
using Xunit;

namespace Cluster.Unit.Node;

public sealed class DiagnosticFilesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("diagnostics-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_start_time_is_found_behind_any_name() =>
        Assert.Equal("987654", DiagnosticFiles.StartTime("77 (a) (b c) S 1 77 77 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 9 0 987654 1 2 3"));

    [Fact]
    public void Only_the_files_of_that_very_process_are_deleted()
    {
        var pid = Environment.ProcessId;
        var own = DiagnosticFiles.Names(pid, DiagnosticFiles.StartTime(File.ReadAllText("/proc/self/stat")));
        string[] others = [.. DiagnosticFiles.Names(pid, "0"), .. DiagnosticFiles.Names(1, "1"), $"clr-debug-pipe-{pid}"];
        foreach (var name in own.Concat(others))
        {
            File.WriteAllText(Path.Combine(_folder.FullName, name), "");
        }

        DiagnosticFiles.Of(pid).Delete(_folder.FullName);

        Assert.Equal(others.Order(StringComparer.Ordinal), _folder.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_process_that_is_gone_and_files_that_are_none_are_no_trouble()
    {
        DiagnosticFiles.Of(int.MaxValue).Delete(_folder.FullName);
        DiagnosticFiles.Of(Environment.ProcessId).Delete(Path.Combine(_folder.FullName, "no-such-folder"));
    }
}
