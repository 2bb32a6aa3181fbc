namespace Cluster.Local.Processes;

/// <summary>
/// A temporary directory that nobody else can enter (mode 0700), removed at the end. A program that is killed cannot remove its own; the
/// next one does, because the lock on a file in it ends with its owner.
/// </summary>
internal sealed class PrivateDirectory : IDisposable
{
    // sockaddr_un holds 108 bytes on Linux and 104 on macOS, with a terminating zero.
    private const int MaxSocketPath = 103;
    private const string ShortTemporaryPath = "/tmp";
    private const string Prefix = "cluster-local-";
    private const string SocketName = "coordinator.sock";
    private const string LockName = "lock";
    private const int MaxAttempts = 10;

    private readonly string _path;
    private readonly FileStream _lock;

    private PrivateDirectory(string path, FileStream held)
    {
        _path = path;
        _lock = held;
    }

    public string SocketPath => SocketPathIn(_path);

    public string DataPath => Path.Combine(_path, "data");

    public string CodePath => Path.Combine(_path, "code");

    public static PrivateDirectory Create() => Create(Path.GetTempPath());

    internal static PrivateDirectory Create(string temporaryPath)
    {
        RemoveAbandoned(temporaryPath);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (TryCreate(temporaryPath) is { } directory)
                {
                    return directory;
                }
            }
            catch (IOException) when (attempt < MaxAttempts)
            {
                // Another program holds the lock that was to be taken here: it is about to remove the directory, see TryCreate.
            }
        }
    }

    // Null: another program found the directory in the moment before it was locked, took it for an abandoned one, and has removed it.
    private static PrivateDirectory? TryCreate(string temporaryPath)
    {
        var name = $"{Prefix}{Guid.NewGuid():N}";

        // TMPDIR can be deeper than a socket's path may be long.
        if (SocketPathIn(Path.Combine(temporaryPath, name)).Length > MaxSocketPath && !OperatingSystem.IsWindows())
        {
            temporaryPath = ShortTemporaryPath;
        }

        var path = Path.Combine(temporaryPath, name);
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var held = OpenLock(path, FileMode.CreateNew);
        if (File.Exists(Path.Combine(path, LockName)))
        {
            return new PrivateDirectory(path, held);
        }

        held.Dispose();
        return null;
    }

    public void Dispose()
    {
        // Locked until it is gone, so that nobody else removes it at the same time.
        Directory.Delete(_path, recursive: true);
        _lock.Dispose();
    }

    private static string SocketPathIn(string path) => Path.Combine(path, SocketName);

    // Windows deletes an open file only where that is shared; elsewhere anything but None would be a shared lock.
    private static FileStream OpenLock(string path, FileMode mode) =>
        new(Path.Combine(path, LockName), mode, FileAccess.ReadWrite, OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None, bufferSize: 0);

    private static void RemoveAbandoned(string temporaryPath)
    {
        foreach (var path in Directory.EnumerateDirectories(temporaryPath, $"{Prefix}*"))
        {
            try
            {
                using var owner = OpenLock(path, FileMode.Open);
                Directory.Delete(path, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // In use, another user's, or being removed by somebody else right now.
            }
        }
    }
}
