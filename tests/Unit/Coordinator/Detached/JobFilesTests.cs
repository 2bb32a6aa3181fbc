using Cluster.Coordinator.Detached;
using Cluster.Protocol.V1;
using Cluster.Unit.Coordinator.Journal;
using Xunit;

namespace Cluster.Unit.Coordinator.Detached;

/// <summary>What of a submitted job is on the disk, whatever happens to the process and the machine.</summary>
public sealed class JobFilesTests : IDisposable
{
    private readonly SimulatedDisk _disk = new();

    public void Dispose() => _disk.Dispose();

    [Fact]
    public void A_submitted_job_survives_a_crash()
    {
        var files = new JobFiles(_disk);
        files.Create(Submissions.Record("a"));
        _disk.Crash(new Random(1));
        Assert.Equal(["a"], files.List());
        Assert.Equal(Submissions.Record("a"), files.Read("a"));
        using var log = files.OpenResults("a");
        Assert.Equal(0, log.Bytes);
    }

    [Fact]
    public void A_job_that_cannot_be_written_as_a_whole_is_not_there()
    {
        for (var calls = 0; calls < 5; calls++)
        {
            using var disk = new SimulatedDisk { CallsUntilFailure = calls };
            var files = new JobFiles(disk);
            try
            {
                files.Create(Submissions.Record("a"));
                Assert.Fail($"It was written with {calls} calls.");
            }
            catch (IOException)
            {
                disk.CallsUntilFailure = int.MaxValue;
                disk.Crash(new Random(calls));
                Assert.Empty(files.List());
            }
        }
    }

    [Fact]
    public void Answers_are_found_again_and_those_that_a_crash_has_cut_off_are_not()
    {
        // The second entry may have come to the disk in part, in whole, or not at all.
        for (var seed = 0; seed < 50; seed++)
        {
            using var disk = new SimulatedDisk();
            var files = new JobFiles(disk);
            files.Create(Submissions.Record("a"));
            using var before = files.OpenResults("a");
            before.Append(Submissions.Results(0, 2));
            before.Sync();
            before.Append(Submissions.Results(1));
            disk.Crash(new Random(seed));

            using var log = files.OpenResults("a");
            var entries = ReadAll(log);
            Assert.InRange(entries.Count, 1, 2);
            Assert.Equal(Submissions.Results(0, 2), entries[0].Entry);
            Assert.Equal(Submissions.Results(0, 2), log.Read(entries[0].Offset));

            // What follows goes behind the good part.
            var offset = log.Append(Submissions.Results(1));
            Assert.Equal(Submissions.Results(1), log.Read(offset));
            Assert.Equal(entries.Count + 1, ReadAll(log).Count);
        }
    }

    [Fact]
    public void A_damaged_submission_is_named()
    {
        var files = new JobFiles(_disk);
        files.Create(Submissions.Record("a"));
        using (var file = _disk.Open("a.job"))
        {
            file.Write([0xFF], file.Length - 1);
        }

        Assert.Contains("a.job", Assert.Throws<InvalidDataException>(() => files.Read("a")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_left_behind_is_removed_and_what_is_missing_made()
    {
        var files = new JobFiles(_disk);
        files.Create(Submissions.Record("a"));
        _disk.Delete("a.results");
        _disk.Create("b.results").Dispose();
        _disk.Create("c.job.tmp").Dispose();
        Assert.Equal(["a"], files.List());
        Assert.Equal(["a.job", "a.results"], _disk.List().Order());
        files.Delete("a");
        Assert.Empty(_disk.List());
    }

    private static List<(DetachedJobEntry Entry, long Offset)> ReadAll(ResultLog log)
    {
        List<(DetachedJobEntry, long)> entries = [];
        log.ReadAll((entry, offset) => entries.Add((entry, offset)));
        return entries;
    }
}
