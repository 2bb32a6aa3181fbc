using System.Globalization;
using System.Security.Cryptography;

namespace Cluster.Protocol.Memory;

/// <summary>
/// Where the shared memory of this user is on this machine: files in memory, each a segment, and beside them the locks of those who own them. All processes of the
/// user that see the folder share it: a program, the nodes beside it and their workers. A container has its own.
/// </summary>
public sealed class SegmentFolder
{
    /// <summary>Names another folder than <c>/dev/shm</c>.</summary>
    public const string Variable = "CLUSTER_SHARED_MEMORY";

    private const string Memory = "/dev/shm";
    private const string Draft = ".draft-";
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _segments;

    private SegmentFolder(string root)
    {
        Root = root;
        _segments = Path.Combine(root, "segments");
        Owners = Path.Combine(root, "owners");
    }

    /// <summary>Its path.</summary>
    public string Root { get; }

    internal string Owners { get; }

    /// <summary>The one of this user, or where the variable <see cref="Variable"/> says. It is made where it is not there.</summary>
    /// <exception cref="IOException">It cannot be made, or others can enter it.</exception>
    /// <exception cref="UnauthorizedAccessException">It is not this user's.</exception>
    public static SegmentFolder Open() => Open(
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : Path.Combine(Directory.Exists(Memory) ? Memory : Path.GetTempPath(), $"cluster-{Environment.UserName}"));

    /// <summary>The one at a path.</summary>
    /// <param name="root">Which.</param>
    /// <exception cref="IOException">It cannot be made, or others can enter it.</exception>
    /// <exception cref="UnauthorizedAccessException">It is not this user's.</exception>
    public static SegmentFolder Open(string root)
    {
        var folder = new SegmentFolder(root);
        MakePrivate(root);
        MakePrivate(folder._segments);
        MakePrivate(folder.Owners);
        return folder;
    }

    /// <summary>A name that nobody has.</summary>
    public static string NewName() => $"mem_{RandomNumberGenerator.GetHexString(16, lowercase: true)}";

    /// <summary>Makes a segment, filled with zeros. Its memory is there when this returns.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="size">Its size in bytes; greater than 0.</param>
    /// <param name="owner">With whom it ends.</param>
    /// <exception cref="IOException">There is one of this name, or no room.</exception>
    /// <exception cref="ArgumentException">The name is none.</exception>
    public Segment Create(string name, long size, string owner)
    {
        var path = PathOf(name);
        var draft = Path.Combine(_segments, $"{Draft}{Guid.NewGuid():N}");
        try
        {
            var header = new SegmentHeader(Guid.NewGuid(), size, owner);
            Write(draft, header);

            // A link to the draft, which fails where the name is taken: nobody ever sees a segment that is not whole.
            File.Move(draft, path, overwrite: false);
            return new Segment(name, path, header);
        }
        catch (IOException exception) when (File.Exists(path))
        {
            throw new IOException($"There is shared memory named '{name}' on this machine. Attach to it, unlink it, or take another name.", exception);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>Finds a segment.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Null: there is none of this name.</returns>
    /// <exception cref="InvalidDataException">What is there is no segment.</exception>
    /// <exception cref="ArgumentException">The name is none.</exception>
    public Segment? Find(string name) => Read(name, PathOf(name));

    /// <summary>Removes the segments of owners who are gone. Who has one of them mapped keeps its memory until the end of the mapping.</summary>
    /// <returns>How many.</returns>
    public int Sweep()
    {
        var removed = 0;
        foreach (var path in Directory.EnumerateFiles(Owners))
        {
            using var abandoned = SegmentOwner.TryTake(path);
            if (abandoned is not null)
            {
                removed += RemoveOf(Path.GetFileName(path));
                File.Delete(path);
            }
        }

        return removed;
    }

    private static Segment? Read(string name, string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            return new Segment(name, path, SegmentHeader.Read(file));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Removes the segments of an owner, those among them that it was about to make.</summary>
    /// <param name="owner">Whose.</param>
    /// <returns>How many.</returns>
    internal int RemoveOf(string owner)
    {
        var removed = 0;
        foreach (var path in Directory.EnumerateFiles(_segments))
        {
            try
            {
                if (Read(Path.GetFileName(path), path) is { } segment && segment.Owner == owner && segment.Unlink())
                {
                    removed++;
                }
            }
            catch (InvalidDataException)
            {
                // Just begun, or something that is not ours to judge.
            }
        }

        return removed;
    }

    private void Write(string path, SegmentHeader header)
    {
        try
        {
            // Allocated now: memory that is promised and not there would end the process that touches it.
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, BufferSize = 0, PreallocationSize = SegmentHeader.Length + header.Size };
            using var file = new FileStream(path, options);
            file.SetLength(SegmentHeader.Length + header.Size);
            header.Write(file);
        }
        catch (IOException exception)
        {
            throw new IOException(string.Create(
                CultureInfo.InvariantCulture,
                $"{header.Size} bytes of shared memory are not to be had in {Root}: {exception.Message} In a container, mount an in-memory volume that is large enough at {Memory}, or name another folder with {Variable}."),
                exception);
        }
    }

    private string PathOf(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name[0] == '.' || name.AsSpan().ContainsAny('/', '\\', '\0'))
        {
            throw new ArgumentException($"'{name}' is no name for shared memory: it must not begin with a dot, and have no slashes.", nameof(name));
        }

        return Path.Combine(_segments, name);
    }

    private static void MakePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        // With this mode it can only be entered by the one whose it is: were it somebody else's, nothing could be made in it.
        Directory.CreateDirectory(path, Private);
        if (File.GetUnixFileMode(path) != Private)
        {
            throw new IOException($"{path} can be entered by others (mode {File.GetUnixFileMode(path)}), and what is shared in it could be read or changed by them. Set its mode to 0700, or name another folder with {Variable}.");
        }
    }
}
