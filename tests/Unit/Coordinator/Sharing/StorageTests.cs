using System.Globalization;
using Cluster.Coordinator.Journal;
using Cluster.Coordinator.Sharing;
using Cluster.Protocol.V1;
using Cluster.TestKit;
using Cluster.Unit.Coordinator.Journal;
using Google.Protobuf;
using Grpc.Core;
using Xunit;

namespace Cluster.Unit.Coordinator.Sharing;

/// <summary>What the loop of the shared objects does with a disk that is full, fails, or forgets.</summary>
public sealed class StorageTests : IDisposable
{
    private readonly SimulatedDisk _disk = new();

    public void Dispose() => _disk.Dispose();

    [Fact]
    public async Task A_full_disk_refuses_changes_and_nothing_else()
    {
        await using (var tested = await LoopUnderTest.StartAsync(_disk))
        {
            await using var caller = await tested.CallAsync().Within();
            var dictionary = await LoopUnderTest.OpenAsync(caller, "d");
            Assert.Null((await caller.AskAsync(Set(dictionary, "a", 1)).Within()).Error);
            var revision = (await caller.AskAsync(Get(dictionary, "a")).Within()).Revision;
            _disk.Room = 0;

            var refused = await caller.AskAsync(Set(dictionary, "a", 2)).Within();
            Assert.Equal(ObjectErrorCode.NotStored, refused.Error?.Code);
            Assert.Contains("Free space", refused.Error!.Message, StringComparison.Ordinal);
            var read = await caller.AskAsync(Get(dictionary, "a")).Within();
            Assert.Equal(("1", revision), (read.DictEntry.Value.Data.ToStringUtf8(), read.Revision));
            Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => tested.CallAsync().Within())).StatusCode);

            _disk.Room = long.MaxValue;
            Assert.Null((await caller.AskAsync(Set(dictionary, "a", 3)).Within()).Error);
        }

        Assert.Equal("3", await StoredAsync("a"));
    }

    [Fact]
    public async Task A_full_disk_lets_ad_hoc_callers_read()
    {
        await using var tested = await LoopUnderTest.StartAsync(_disk);
        var callers = new AdHocSessions(tested.Loop);
        var token = TestContext.Current.CancellationToken;
        await callers.AskAsync(new ObjectRequest { Open = new ObjectOpen { Kind = ObjectKind.Dictionary, Name = "d" } }, token).Within();
        Assert.Null((await callers.AskAsync(ByName(Set(0, "a", 1)), token).Within()).Error);
        _disk.Room = 0;

        var reads = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => callers.AskAsync(ByName(Get(0, "a")), token))).Within();
        Assert.All(reads, static reply => Assert.Equal("1", reply.DictEntry.Value.Data.ToStringUtf8()));
        Assert.Equal(ObjectErrorCode.NotStored, (await callers.AskAsync(ByName(Set(0, "a", 2)), token).Within()).Error?.Code);
    }

    [Fact]
    public async Task A_full_disk_lets_those_read_who_come_afterwards()
    {
        await using (var before = await LoopUnderTest.StartAsync(_disk))
        {
            await using var caller = await before.CallAsync().Within();
            Assert.Null((await caller.AskAsync(Set(await LoopUnderTest.OpenAsync(caller, "d"), "a", 1)).Within()).Error);
        }

        await using var tested = await LoopUnderTest.StartAsync(_disk);
        _disk.Room = 0;
        var token = TestContext.Current.CancellationToken;
        var callers = new AdHocSessions(tested.Loop);
        Assert.Equal("1", (await callers.AskAsync(ByName(Get(0, "a")), token).Within()).DictEntry.Value.Data.ToStringUtf8());
        await Assert.ThrowsAsync<RpcException>(() => callers.AskAsync(ByName(Set(0, "a", 2)), token).Within());

        await using var list = tested.Read();
        Assert.Single((await list.AskAsync(ByName(new ObjectRequest { DictItems = new DictItems() })).Within()).DictEntries.Entries);
        await using var watch = tested.Read();
        Assert.Single((await watch.AskAsync(ByName(new ObjectRequest { DictWatch = new DictWatch { Snapshot = true } })).Within()).DictChanges.Changes);
        _disk.Room = long.MaxValue;
        Assert.Null((await callers.AskAsync(ByName(Set(0, "a", 2)), token).Within()).Error);
        Assert.Equal("2", (await watch.ReceiveAsync().AsTask().Within()).DictChanges.Changes.Single().Value.Data.ToStringUtf8());
    }

    [Fact]
    public async Task A_limit_of_memory_holds_for_what_comes_and_can_be_raised_with_a_restart()
    {
        var stored = 0;
        await using (var tested = await LoopUnderTest.StartAsync(_disk, memoryLimit: 30_000))
        {
            await using var caller = await tested.CallAsync().Within();
            var dictionary = await LoopUnderTest.OpenAsync(caller, "d");
            ObjectReply reply;
            while ((reply = await caller.AskAsync(Set(dictionary, $"k{stored}", stored)).Within()).Error is null)
            {
                stored++;
            }

            Assert.Equal(ObjectErrorCode.TooLarge, reply.Error.Code);
        }

        await using (var tested = await LoopUnderTest.StartAsync(_disk, memoryLimit: 60_000))
        {
            await using var caller = await tested.CallAsync().Within();
            for (var i = 0; i < 20; i++)
            {
                Assert.Null((await caller.AskAsync(ByName(Set(0, $"k{stored}", stored))).Within()).Error);
                stored++;
            }
        }

        // What was accepted under a larger limit is there under a smaller one.
        await using (var tested = await LoopUnderTest.StartAsync(_disk, memoryLimit: 1000))
        {
            await using var reader = tested.Read();
            Assert.Equal((ulong)stored, (await reader.AskAsync(ByName(new ObjectRequest { DictCount = new DictCount() })).Within()).Count);
            await using var caller = await tested.CallAsync().Within();
            Assert.Equal(ObjectErrorCode.TooLarge, (await caller.AskAsync(ByName(Set(0, "more", 1))).Within()).Error.Code);
            Assert.Null((await caller.AskAsync(ByName(Set(0, "k1", 7))).Within()).Error);
        }
    }

    [Fact]
    public async Task A_session_that_ended_while_the_disk_was_full_has_ended()
    {
        await using var tested = await LoopUnderTest.StartAsync(_disk);
        await using var one = await tested.CallAsync().Within();
        await using var two = await tested.CallAsync().Within();
        var mine = await OpenLockAsync(one);
        var theirs = await OpenLockAsync(two);
        Assert.Null((await one.AskAsync(new ObjectRequest { Object = mine, LockAcquire = new LockAcquire { Owner = 1 } }).Within()).Error);
        two.Send(new ObjectRequest { Object = theirs, LockAcquire = new LockAcquire { Owner = 2 } });
        var acquired = two.ReceiveAsync().AsTask();
        _disk.Room = 0;
        await one.DisposeAsync();
        Assert.False(acquired.IsCompleted, "A lock changed hands, and nobody wrote it down.");

        // Nobody asks for anything: the loop tries again by itself.
        _disk.Room = long.MaxValue;
        tested.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null((await acquired.Within()).Error);
    }

    [Fact]
    public async Task Reads_write_nothing()
    {
        await using var tested = await LoopUnderTest.StartAsync(_disk);
        await using var caller = await tested.CallAsync().Within();
        var dictionary = await LoopUnderTest.OpenAsync(caller, "d");
        await caller.AskAsync(Set(dictionary, "a", 1)).Within();
        _disk.CallsUntilFailure = 0;
        for (var i = 0; i < 100; i++)
        {
            Assert.Null((await caller.AskAsync(Get(dictionary, "a")).Within()).Error);
        }

        tested.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(ObjectErrorCode.NotStored, (await caller.AskAsync(Set(dictionary, "a", 2)).Within()).Error?.Code);
        _disk.CallsUntilFailure = int.MaxValue;
    }

    [Fact]
    public async Task Old_segments_become_a_snapshot()
    {
        var options = new JournalOptions { SegmentBytes = 2000, CompactBytes = 10_000 };
        var last = 0;
        await using (var tested = await LoopUnderTest.StartAsync(_disk, options))
        {
            await using var caller = await tested.CallAsync().Within();
            var dictionary = await LoopUnderTest.OpenAsync(caller, "d");
            // It is made meanwhile, by another thread.
            for (; last < 1_000_000 && FileNames.Snapshots(_disk).Length == 0; last++)
            {
                Assert.Null((await caller.AskAsync(Set(dictionary, Key(last + 1), last + 1)).Within()).Error);
            }
        }

        var snapshot = Assert.Single(FileNames.Snapshots(_disk));
        Assert.True(snapshot > 50, $"The snapshot stands for {snapshot} records only.");
        Assert.All(FileNames.Segments(_disk), first => Assert.True(first > snapshot));
        for (var i = last; i > last - 7; i--)
        {
            Assert.Equal(i.ToString(CultureInfo.InvariantCulture), await StoredAsync(Key(i)));
        }

        static string Key(int i) => (i % 7).ToString(CultureInfo.InvariantCulture);
    }

    // The machine ends at a random moment, again and again; what was acknowledged has to be there, and what was not may be, in order.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task No_crash_loses_an_acknowledged_change(int seed)
    {
        var random = new Random(seed);
        var options = new JournalOptions { SegmentBytes = 3000, CompactBytes = 9000 };
        long acknowledged = 0;
        long attempted = 0;
        for (var crash = 0; crash < 300; crash++)
        {
            await using (var tested = await LoopUnderTest.StartAsync(_disk, options))
            {
                await using var caller = await tested.CallAsync().Within();
                var dictionary = await LoopUnderTest.OpenAsync(caller, "d");
                var there = (await caller.AskAsync(Get(dictionary, "n")).Within()).DictEntry;
                var count = there.Version == 0 ? 0 : long.Parse(there.Value.Data.ToStringUtf8(), CultureInfo.InvariantCulture);
                Assert.True(count >= acknowledged && count <= attempted, $"Seed {seed}, crash {crash}: the count is {count}, between {acknowledged} and {attempted} was expected.");
                (acknowledged, attempted) = (count, count);
                _disk.CallsUntilFailure = random.Next(1, 60);
                while (true)
                {
                    attempted++;
                    var reply = await caller.AskAsync(new ObjectRequest { Object = dictionary, DictIncrement = new DictIncrement { Key = Text("n") } }).Within();
                    if (reply.Error is { } error)
                    {
                        Assert.Equal(ObjectErrorCode.NotStored, error.Code);
                        break;
                    }

                    acknowledged++;
                }
            }

            _disk.Crash(random);
        }

        Assert.True(acknowledged > 1000, $"Only {acknowledged} changes were made.");
    }

    private static async Task<ulong> OpenLockAsync(ObjectCaller caller) =>
        (await caller.AskAsync(new ObjectRequest { Open = new ObjectOpen { Kind = ObjectKind.Lock, Name = "l" } }).Within()).Opened.Object;

    private static ObjectRequest Set(ulong dictionary, string key, int value) =>
        new() { Object = dictionary, DictSet = new DictSet { Key = Text(key), Value = new Payload { Format = Format.Json, Data = ByteString.CopyFromUtf8(value.ToString(CultureInfo.InvariantCulture)) } } };

    private static ObjectRequest Get(ulong dictionary, string key) => new() { Object = dictionary, DictGet = new DictGet { Key = Text(key) } };

    private static ObjectRequest ByName(ObjectRequest request)
    {
        request.Name = "d";
        return request;
    }

    private static Payload Text(string text) => new() { Format = Format.Utf8, Data = ByteString.CopyFromUtf8(text) };

    private async Task<string> StoredAsync(string key)
    {
        await using var tested = await LoopUnderTest.StartAsync(_disk);
        await using var caller = await tested.CallAsync().Within();
        return (await caller.AskAsync(Get(await LoopUnderTest.OpenAsync(caller, "d"), key)).Within()).DictEntry.Value.Data.ToStringUtf8();
    }
}
