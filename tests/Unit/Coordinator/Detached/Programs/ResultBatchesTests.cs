using Cluster.Coordinator.Detached;
using Cluster.Coordinator.Detached.Programs;
using Cluster.Protocol.V1;
using Cluster.TestKit;
using Cluster.TestKit.Coordinator;
using Cluster.Unit.Coordinator.Journal;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Xunit;

namespace Cluster.Unit.Coordinator.Detached.Programs;

/// <summary>Answers of a job's file, in the order of the items, whatever order they came in.</summary>
public sealed class ResultBatchesTests : IDisposable
{
    private readonly SimulatedDisk _disk = new();
    private readonly JobFiles _files;
    private readonly DetachedJob _job = new(Record(8));
    private readonly ResultLog _log;

    public ResultBatchesTests()
    {
        _files = new JobFiles(_disk);
        _files.Create(Record(8));
        _log = _files.OpenResults("a");
        _job.Start();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _log.Dispose();
        _job.Dispose();
        _disk.Dispose();
    }

    [Fact]
    public async Task They_are_put_in_order_and_each_comes_once()
    {
        Add(new Results { Batches = { RawBatches.Of(4, 2) }, Failures = { new ItemFailure { Index = 1 } } });
        Add(new Results { Batches = { RawBatches.Of(2, 2), Fragment(6, 0) } });
        Add(new Results { Batches = { RawBatches.Of(0, 1), Fragment(6, 0), Fragment(6, 2) } });
        Assert.Equal(["0..1", "1!", "2..4", "4..6", "6@0", "6@2"], await ReadAsync(0, wait: false));
        Assert.Equal(["3..4", "4..6", "6@0", "6@2"], await ReadAsync(3, wait: false));
        Assert.Equal((6UL, 1UL), (_job.Describe().Completed, _job.Describe().Failed));

        // The rest comes while somebody waits, and its end tells of what never comes.
        var reading = ReadAsync(6, wait: true);
        var end = Submissions.End(1, JobStatus.Cancelled);
        end.Error = new ErrorInfo { Kind = ErrorKind.Cancelled };
        _log.Append(new DetachedJobEntry { End = end });
        _job.Finish(end);
        Assert.Equal(["6@0", "6@2", "7!"], await reading.Within());
        Assert.Equal(["0..1", "1!", "2..4", "4..6", "6@0", "6@2", "7!"], await ReadAsync(0, wait: true));
    }

    [Fact]
    public async Task Those_of_people_are_json()
    {
        var results = new DetachedResults { Results = { new ItemResult { Index = 0, Value = Value.ForString("ü") }, new ItemResult { Index = 1, Error = new ErrorInfo { Kind = ErrorKind.User } } } };
        var entry = new DetachedJobEntry { Results = results };
        _job.Apply(entry, _log.Append(entry));
        var read = Assert.Single(await AllAsync(0, wait: false));
        Assert.Equal((Format.Json, "\"ü\""), (read.Batches[0].Format, read.Batches[0].Payload.ToStringUtf8()));
        Assert.Equal((1UL, ErrorKind.User), (read.Failures[0].Index, read.Failures[0].Error.Kind));
    }

    [Fact]
    public async Task People_read_those_of_programs_as_far_as_their_type_says_what_they_are()
    {
        Add(new Results { Batches = { RawBatches.Of(0, 1) } });
        Add(new Results { Batches = { new Batch { First = 1, Count = 1, Format = Format.Utf8, Lengths = Length(1), Payload = ByteString.CopyFromUtf8("x") }, Fragment(3, 0) } });
        Add(new Results { Batches = { new Batch { First = 2, Count = 1, Format = Format.Utf8, Lengths = Length(uint.MaxValue) }, Fragment(3, 2) } });
        var reader = new ResultReader(_job, _log);
        Assert.Equal(0, (await reader.ReadAsync(0, wait: false, Token))!.Value.NumberValue);
        Assert.Equal("x", (await reader.ReadAsync(1, wait: false, Token))!.Value.StringValue);
        Assert.True((await reader.ReadAsync(2, wait: false, Token))!.Value.HasNullValue);
        Assert.Contains("long", (await reader.ReadAsync(3, wait: false, Token))!.Error.Message, StringComparison.Ordinal);
        Assert.Null(await reader.ReadAsync(4, wait: false, Token));
    }

    private static DetachedJobRecord Record(ulong items) => new()
    {
        JobId = "a",
        SubmittedAt = Submissions.Begin.ToTimestamp(),
        Request = new MapRequest { Function = "squares" },
        Spec = ScriptedJob.Spec(spec => spec.Detach = new Detachment { ResultType = "long" }),
        Items = items,
    };

    private static Batch Fragment(ulong index, ulong offset) =>
        new() { First = index, Count = 1, Format = Format.Bytes, FragmentTotal = 4, FragmentOffset = offset, Payload = ByteString.CopyFrom(1, 2) };

    private static ByteString Length(uint length) => ByteString.CopyFrom(BitConverter.GetBytes(length));

    private void Add(Results results)
    {
        var entry = new DetachedJobEntry { Batches = results };
        _job.Apply(entry, _log.Append(entry));
    }

    private async Task<List<string>> ReadAsync(ulong from, bool wait) => [.. (await AllAsync(from, wait)).SelectMany(Describe)];

    private async Task<List<Results>> AllAsync(ulong from, bool wait)
    {
        using var log = _files.OpenResults("a");
        List<Results> all = [];
        await foreach (var results in new ResultBatches(_job, log).ReadAsync(from, wait, Token))
        {
            all.Add(results);
        }

        return all;
    }

    private static IEnumerable<string> Describe(Results results) => results.Batches
        .Select(batch => (batch.First, Text: batch.FragmentTotal > 0 ? $"{batch.First}@{batch.FragmentOffset}" : $"{batch.First}..{batch.First + batch.Count}"))
        .Concat(results.Failures.Select(failure => (First: failure.Index, Text: $"{failure.Index}!")))
        .OrderBy(answer => answer.First).Select(answer => answer.Text);
}
