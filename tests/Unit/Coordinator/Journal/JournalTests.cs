using System.Globalization;
using System.Text;
using Cluster.Coordinator.Journal;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Cluster.Unit.Coordinator.Journal;

public sealed class JournalTests : IDisposable
{
    private static readonly Guid Name = new("0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0");

    private readonly SimulatedDisk _disk = new();
    private ListedState _state = new();

    public void Dispose() => _disk.Dispose();

    [Fact]
    public void What_was_added_is_there_again()
    {
        using (var writer = Open())
        {
            writer.Append([Entry(1), Entry(2)]);
            writer.Append([Entry(3)]);
            Assert.Equal(3ul, writer.LastNumber);
        }

        using var again = Open();
        Assert.Equal(["1", "2", "3"], Texts());
        Assert.Equal(3ul, again.LastNumber);
    }

    [Fact]
    public void Segments_follow_each_other()
    {
        var options = new JournalOptions { SegmentBytes = 200 };
        using (var writer = Open(options))
        {
            Append(writer, 1, 50);
        }

        Assert.InRange(_disk.List().Count, 5, 50);
        using (var writer = Open(options))
        {
            Append(writer, 51, 10);
        }

        using var last = Open(options);
        Assert.Equal(Numbers(1, 60), Texts());
    }

    [Fact]
    public void A_snapshot_stands_for_closed_segments_while_the_journal_goes_on()
    {
        var options = new JournalOptions { SegmentBytes = 200 };
        using (var writer = Open(options))
        {
            Append(writer, 1, 50);
            var before = writer.ClosedBytes;
            Compact(writer);
            Assert.InRange(before, 200, 10_000);
            Assert.Equal(0, writer.ClosedBytes);
            Append(writer, 51, 20);
            Compact(writer);
            Append(writer, 71, 5);
        }

        Assert.Single(_disk.List(), static name => FileNames.IsSnapshot(name, out _));
        using var again = Open(options);
        Assert.Equal(Numbers(1, 75), Texts());
    }

    [Fact]
    public void A_crash_between_a_snapshot_and_the_end_of_what_it_stands_for_does_no_harm()
    {
        var options = new JournalOptions { SegmentBytes = 200 };
        using (var writer = Open(options))
        {
            Append(writer, 1, 50);
            var before = _disk.List().ToDictionary(static name => name, name => _disk[name]);
            Compact(writer);
            foreach (var (name, content) in before)
            {
                _disk.Put(name, content);
            }
        }

        using (var writer = Open(options))
        {
            Assert.Equal(Numbers(1, 50), Texts());
            Append(writer, 51, 3);
        }

        using var again = Open(options);
        Assert.Equal(Numbers(1, 53), Texts());
    }

    [Fact]
    public void Wherever_the_last_write_was_cut_off_the_others_are_there()
    {
        using (var writer = Open())
        {
            Append(writer, 1, 3);
        }

        var name = Assert.Single(_disk.List());
        var whole = _disk[name];
        var complete = whole.Length - RecordFormat.HeaderBytes - 1;
        for (var length = complete + 1; length < whole.Length; length++)
        {
            _disk.Put(name, whole[..length]);
            using var cut = Open();
            Assert.Equal(["1", "2"], Texts());

            _disk.Put(name, [.. whole[..length], .. new byte[2000]]);
            using var unwritten = Open();
            Assert.Equal(["1", "2"], Texts());

            unwritten.Append([Entry(7)]);
            using var again = Open();
            Assert.Equal(["1", "2", "7"], Texts());
        }
    }

    [Fact]
    public void No_flipped_bit_goes_unnoticed()
    {
        using (var writer = Open())
        {
            Append(writer, 1, 4);
        }

        var name = Assert.Single(_disk.List());
        var whole = _disk[name];
        for (var bit = 0; bit < whole.Length * 8; bit++)
        {
            var damaged = whole.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            _disk.Put(name, damaged);

            var error = Assert.Throws<JournalDamagedException>(() => Open());

            Assert.Equal(name, error.File);
            Assert.InRange(bit / 8, error.Position, error.Position + FileHeader.Bytes + RecordFormat.HeaderBytes);
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
            Assert.Contains("--repair-journal", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void No_flipped_bit_in_a_snapshot_goes_unnoticed()
    {
        var options = new JournalOptions { SegmentBytes = 100 };
        using (var writer = Open(options))
        {
            Append(writer, 1, 10);
            Compact(writer);
        }

        var name = Assert.Single(_disk.List(), static name => FileNames.IsSnapshot(name, out _));
        var whole = _disk[name];
        for (var bit = 0; bit < whole.Length * 8; bit++)
        {
            var damaged = whole.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            _disk.Put(name, damaged);
            Assert.Equal(name, Assert.Throws<JournalDamagedException>(() => Open(options)).File);
        }

        for (var length = 0; length < whole.Length; length++)
        {
            _disk.Put(name, whole[..length]);
            Assert.Equal(name, Assert.Throws<JournalDamagedException>(() => Open(options)).File);
        }
    }

    [Fact]
    public void A_segment_that_is_missing_is_missed()
    {
        var options = new JournalOptions { SegmentBytes = 200 };
        using (var writer = Open(options))
        {
            Append(writer, 1, 50);
        }

        var names = _disk.List().Order(StringComparer.Ordinal).ToArray();
        _disk.Delete(names[1]);

        var error = Assert.Throws<JournalDamagedException>(() => Open(options));
        Assert.Equal(names[2], error.File);
        Assert.Contains("are missing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_snapshot_does_not_stand_for_records_that_a_segment_has_lost()
    {
        var options = new JournalOptions { SegmentBytes = 200 };
        using var writer = Open(options);
        Append(writer, 1, 50);
        var names = _disk.List().Order(StringComparer.Ordinal).ToArray();
        _disk.Put(names[0], _disk[names[0]][..^(RecordFormat.HeaderBytes + 1)]);

        Assert.Equal(names[1], Assert.Throws<JournalDamagedException>(() => Compact(writer)).File);
        Assert.DoesNotContain(_disk.List(), static name => FileNames.IsSnapshot(name, out _));
    }

    [Fact]
    public void Segments_of_another_journal_are_refused()
    {
        var options = new JournalOptions { SegmentBytes = 200 };
        using (var writer = Open(options))
        {
            Append(writer, 1, 20);
        }

        var name = _disk.List().Order(StringComparer.Ordinal).Last();
        var other = _disk[name];
        new FileHeader(FileKind.Segment, Guid.Empty, 1).Encode().CopyTo(other, 0);
        Assert.True(FileNames.IsSegment(name, out var first));
        new FileHeader(FileKind.Segment, Guid.Empty, first).Encode().CopyTo(other, 0);
        _disk.Put(name, other);

        Assert.Equal(name, Assert.Throws<JournalDamagedException>(() => Open(options)).File);
    }

    [Fact]
    public void A_repair_keeps_what_comes_before_the_damage_and_a_copy_of_the_rest()
    {
        var options = new JournalOptions { SegmentBytes = 200 };
        using (var writer = Open(options))
        {
            Append(writer, 1, 50);
        }

        var names = _disk.List().Order(StringComparer.Ordinal).ToArray();
        var damaged = _disk[names[1]];
        damaged[^1] ^= 1;
        _disk.Put(names[1], damaged);
        Assert.Throws<JournalDamagedException>(() => Open(options));

        using (var writer = Open(options with { Repair = true }))
        {
            Assert.True(FileNames.IsSegment(names[2], out var third));
            Assert.Equal(Numbers(1, (int)third - 2), Texts());
            Append(writer, 1000, 1);
        }

        using var again = Open(options);
        Assert.Equal("1000", Texts()[^1]);
        Assert.Equal(damaged, _disk[names[1] + FileNames.Damaged]);
        Assert.Contains(names[2] + FileNames.Damaged, _disk.List());
    }

    [Fact]
    public void A_full_disk_refuses_writes_and_nothing_else()
    {
        using (var writer = Open())
        {
            Append(writer, 1, 3);
            _disk.Room = 10;
            var error = Assert.Throws<JournalWriteException>(() => writer.Append([Entry(4), Entry(5)]));
            Assert.Contains("No space left", error.Message, StringComparison.Ordinal);
            Assert.Equal(3ul, writer.LastNumber);
            Assert.Throws<JournalWriteException>(() => writer.Append([Entry(4)]));

            _disk.Room = long.MaxValue;
            writer.Append([Entry(6)]);
        }

        using var again = Open();
        Assert.Equal(["1", "2", "3", "6"], Texts());
    }

    [Fact]
    public void Wherever_a_disk_fails_nothing_is_half_there()
    {
        for (var calls = 0; calls < 12; calls++)
        {
            var (disk, options) = (new SimulatedDisk(), new JournalOptions { SegmentBytes = 100 });
            List<string> added = [];
            using (var writer = Open(disk, options))
            {
                for (var i = 1; i <= 12; i++)
                {
                    disk.CallsUntilFailure = i == 6 ? calls : int.MaxValue;

                    // Longer than what comes after it, so that what is left of it would show.
                    var text = Text(i).PadRight(i == 6 ? 1000 : 1, '.');
                    try
                    {
                        writer.Append([Encoding.UTF8.GetBytes(text)]);
                        added.Add(text);
                    }
                    catch (JournalWriteException)
                    {
                        Assert.Equal(6, i);
                    }
                }
            }

            using var again = Open(disk, options);
            Assert.Equal(added, Texts());
        }
    }

    [Theory]
    [InlineData(nameof(FsyncPolicy.Always))]
    [InlineData(nameof(FsyncPolicy.EverySecond))]
    [InlineData(nameof(FsyncPolicy.Never))]
    public void A_crash_loses_nothing_that_was_forced_to_the_disk_and_leaves_no_gap(string policyName)
    {
        var policy = Enum.Parse<FsyncPolicy>(policyName);
        for (var seed = 0; seed < 1000; seed++)
        {
            var random = new Random(seed);
            var disk = new SimulatedDisk();
            var options = new JournalOptions { SegmentBytes = random.Next(100, 5000), Fsync = policy };
            var log = new CrashLog(policy);
            for (var run = 0; run < 4; run++)
            {
                try
                {
                    using var writer = Open(disk, options);
                    log.Check(Texts(), $"seed {seed}, run {run}");
                    disk.CallsUntilFailure = random.Next(4) == 0 ? random.Next(60) : int.MaxValue;
                    Work(disk, writer, random, log);
                }
                catch (IOException) when (disk.CallsUntilFailure == 0)
                {
                    // Not even the first segment could be made.
                }

                // Otherwise the process alone is started again.
                if (random.Next(4) > 0)
                {
                    disk.Crash(random);
                }
            }
        }
    }

    private static void Work(SimulatedDisk disk, JournalWriter writer, Random random, CrashLog log)
    {
        for (var i = random.Next(30); i > 0; i--)
        {
            // Sizes around that of a sector, and batches.
            var texts = Enumerable.Range(1, random.Next(1, 4)).Select(n => Text(log.Count + n).PadRight(random.Next(random.Next(2) == 0 ? 20 : 1500), '.')).ToArray();
            try
            {
                log.Begin(texts);
                writer.Append([.. texts.Select(static text => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(text))]);
                log.Appended();
                if (random.Next(4) == 0)
                {
                    writer.Sync();
                    log.Synced();
                }

                if (random.Next(10) == 0)
                {
                    Compact(disk, writer);
                }
            }
            catch (Exception exception) when (exception is JournalWriteException or IOException)
            {
                return;
            }
        }
    }

    private void Compact(JournalWriter writer) => Compact(_disk, writer);

    private static void Compact(SimulatedDisk disk, JournalWriter writer) => new JournalCompaction(disk, writer, NullLogger.Instance).Run(new ListedState(), TestContext.Current.CancellationToken);

    private JournalWriter Open(JournalOptions? options = null) => Open(_disk, options);

    private JournalWriter Open(SimulatedDisk disk, JournalOptions? options = null)
    {
        _state = new ListedState();
        return new JournalRecovery(disk, options ?? new JournalOptions(), _state, NullLogger.Instance).Open(Name);
    }

    private static void Append(JournalWriter writer, int first, int count)
    {
        for (var i = first; i < first + count; i++)
        {
            writer.Append([Entry(i)]);
        }
    }

    private List<string> Texts() => [.. _state.Entries.Select(Encoding.UTF8.GetString)];

    private static string[] Numbers(int first, int count) => [.. Enumerable.Range(first, count).Select(Text)];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static ReadOnlyMemory<byte> Entry(int number) => Encoding.UTF8.GetBytes(Text(number));
}
