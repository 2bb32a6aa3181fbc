using Cluster.Protocol.Memory;
using Xunit;

namespace Cluster.Unit.Protocol.Memory;

public sealed class SegmentFolderTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("cluster-memory-test-");
    private readonly SegmentFolder _folder;

    public SegmentFolderTests() => _folder = SegmentFolder.Open(_root.FullName);

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void What_one_writes_the_other_sees()
    {
        using var owner = SegmentOwner.Register(_folder);
        using var one = _folder.Create("numbers", 24, owner.Id).Map();
        using var other = _folder.Find("numbers")!.Map();
        Assert.Equal([0, 0, 0], one.Span<long>(0, 3));

        one.Span<long>(8, 1)[0] = 42;
        Assert.Equal([0, 42, 0], other.Span<long>(0, 3));
        Assert.Equal(24, other.Size);
    }

    [Theory]
    [InlineData(-8, 1)]
    [InlineData(0, -1)]
    [InlineData(0, 4)]
    [InlineData(17, 1)]
    [InlineData(long.MaxValue, 1)]
    public void A_part_must_lie_within_the_memory(long offset, int count)
    {
        using var owner = SegmentOwner.Register(_folder);
        using var mapped = _folder.Create("numbers", 24, owner.Id).Map();
        Assert.Throws<ArgumentOutOfRangeException>(() => mapped.Span<long>(offset, count));
    }

    [Fact]
    public void A_mapping_that_is_closed_gives_nothing_out()
    {
        using var owner = SegmentOwner.Register(_folder);
        var mapped = _folder.Create("numbers", 24, owner.Id).Map();
        mapped.Dispose();
        mapped.Dispose();
        Assert.Throws<ObjectDisposedException>(() => mapped.Span<long>(0, 1));
    }

    [Fact]
    public void A_name_is_given_once()
    {
        using var owner = SegmentOwner.Register(_folder);
        _folder.Create("taken", 1, owner.Id);
        var exception = Assert.Throws<IOException>(() => _folder.Create("taken", 1, owner.Id));
        Assert.Contains("'taken'", exception.Message, StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateFiles(Path.Combine(_root.FullName, "segments")));
    }

    [Theory]
    [InlineData(".hidden")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("")]
    [InlineData("a\0")]
    public void What_is_no_name_is_refused(string name)
    {
        Assert.Throws<ArgumentException>(() => _folder.Create(name, 1, "owner"));
        Assert.Throws<ArgumentException>(() => _folder.Find(name));
    }

    [Fact]
    public void Unlinked_memory_stays_with_those_who_have_it()
    {
        using var owner = SegmentOwner.Register(_folder);
        var segment = _folder.Create("brief", 8, owner.Id);
        using var mapped = segment.Map();
        Assert.True(segment.Unlink());
        Assert.False(segment.Unlink());
        Assert.Null(_folder.Find("brief"));
        mapped.Span<long>(0, 1)[0] = 7;
        Assert.Equal(7, mapped.Span<long>(0, 1)[0]);

        // The name is free, and the old one has no say in it.
        _folder.Create("brief", 8, owner.Id);
        Assert.False(segment.Unlink());
        Assert.NotNull(_folder.Find("brief"));
    }

    [Fact]
    public void It_ends_with_its_owner()
    {
        using var other = SegmentOwner.Register(_folder);
        var owner = SegmentOwner.Register(_folder);
        _folder.Create("mine", 8, owner.Id);
        _folder.Create("theirs", 8, other.Id);
        Assert.True(SegmentOwner.IsKnown(_folder, owner.Id));
        owner.Dispose();
        Assert.False(SegmentOwner.IsKnown(_folder, owner.Id));
        Assert.Null(_folder.Find("mine"));
        Assert.NotNull(_folder.Find("theirs"));
    }

    [Fact]
    public void What_the_killed_leave_the_next_sweep_removes()
    {
        using var living = SegmentOwner.Register(_folder);
        _folder.Create("living", 8, living.Id);

        // Of a process that was killed: its file, which nobody has locked.
        File.WriteAllBytes(Path.Combine(_root.FullName, "owners", "killed"), []);
        using var mapped = _folder.Create("killed-1", 8, "killed").Map();
        _folder.Create("killed-2", 8, "killed");
        File.WriteAllText(Path.Combine(_root.FullName, "segments", "foreign"), "not a segment");

        // It was killed while it made another, and somebody else makes one now.
        _folder.Create("killed-3", 8, "killed");
        File.Move(Path.Combine(_root.FullName, "segments", "killed-3"), Path.Combine(_root.FullName, "segments", ".draft-1"));
        File.WriteAllBytes(Path.Combine(_root.FullName, "segments", ".draft-2"), []);

        Assert.Equal(3, _folder.Sweep());
        Assert.Equal(0, _folder.Sweep());
        Assert.Null(_folder.Find("killed-1"));
        Assert.NotNull(_folder.Find("living"));
        Assert.Equal(living.Id, Path.GetFileName(Assert.Single(Directory.EnumerateFiles(Path.Combine(_root.FullName, "owners")))));
        mapped.Span<long>(0, 1)[0] = 1;
    }

    [Fact]
    public async Task Owners_come_while_others_sweep()
    {
        using var enough = new CancellationTokenSource();
        var sweeping = Task.Run(
            () =>
            {
                while (!enough.IsCancellationRequested)
                {
                    _folder.Sweep();
                }
            },
            TestContext.Current.CancellationToken);
        try
        {
            for (var i = 0; i < 300; i++)
            {
                using var owner = SegmentOwner.Register(_folder);
                Assert.True(SegmentOwner.IsKnown(_folder, owner.Id));
                _folder.Create("kept", 8, owner.Id);
                Assert.NotNull(_folder.Find("kept"));
            }
        }
        finally
        {
            await enough.CancelAsync();
        }

        await sweeping;
    }

    [Fact]
    public void Too_much_is_refused_and_leaves_nothing_behind()
    {
        var exception = Assert.Throws<IOException>(() => _folder.Create("huge", 1L << 60, "owner"));
        Assert.Contains(SegmentFolder.Variable, exception.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_root.FullName, "segments")));
    }

    [Fact]
    public void What_is_no_segment_is_not_mapped()
    {
        using var owner = SegmentOwner.Register(_folder);
        var path = Path.Combine(_root.FullName, "segments", "cut");
        _folder.Create("cut", 100, owner.Id);
        using (var file = new FileStream(path, FileMode.Open))
        {
            file.SetLength(4100);
        }

        Assert.Contains("100 bytes, and has 4", Assert.Throws<InvalidDataException>(() => _folder.Find("cut")).Message, StringComparison.Ordinal);
        File.WriteAllBytes(path, new byte[5000]);
        Assert.Throws<InvalidDataException>(() => _folder.Find("cut"));
        File.WriteAllBytes(path, []);
        Assert.Throws<InvalidDataException>(() => _folder.Find("cut"));
    }

    [Fact]
    public void A_folder_that_others_can_enter_is_refused()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows keeps the user's temporary folder to the user.");
            return;
        }

        File.SetUnixFileMode(_root.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute);
        var exception = Assert.Throws<IOException>(() => SegmentFolder.Open(_root.FullName));
        Assert.Contains("0700", exception.Message, StringComparison.Ordinal);
    }
}
