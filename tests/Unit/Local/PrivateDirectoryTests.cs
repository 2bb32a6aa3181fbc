using Cluster.Local.Processes;
using Xunit;

namespace Cluster.Unit.Local;

public sealed class PrivateDirectoryTests : IDisposable
{
    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("private-directory-tests-");

    [Fact]
    public void Nobody_else_may_enter_and_nothing_is_left()
    {
        string path;
        using (var directory = Create())
        {
            path = Path.GetDirectoryName(directory.SocketPath)!;
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
            }

            Directory.CreateDirectory(directory.DataPath);
        }

        Assert.False(Directory.Exists(path));
    }

    [Fact]
    public void What_a_killed_program_left_is_removed()
    {
        var abandoned = _temporary.CreateSubdirectory("cluster-local-abandoned");
        File.WriteAllText(Path.Combine(abandoned.FullName, "lock"), "");
        using var directory = Create();
        Assert.False(Directory.Exists(abandoned.FullName));
    }

    [Fact]
    public void What_is_in_use_stays()
    {
        using var first = Create();
        using var second = Create();
        Assert.True(Directory.Exists(Path.GetDirectoryName(first.SocketPath)));
    }

    [Fact]
    public void Programs_that_start_together_leave_each_other_alone()
    {
        // Each looks for abandoned ones while the others make theirs.
        Parallel.For(0, 16, _ =>
        {
            for (var i = 0; i < 50; i++)
            {
                using var directory = Create();
                Assert.True(Directory.Exists(Path.GetDirectoryName(directory.SocketPath)), "It was removed while it was made.");
            }
        });
    }

    [Fact]
    public void A_socket_has_a_path_that_is_short_enough()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has long socket paths.");
        var deep = _temporary.CreateSubdirectory(new string('d', 100));
        using var directory = PrivateDirectory.Create(deep.FullName);
        Assert.InRange(directory.SocketPath.Length, 1, 103);
    }

    public void Dispose() => _temporary.Delete(recursive: true);

    private PrivateDirectory Create() => PrivateDirectory.Create(_temporary.FullName);
}
