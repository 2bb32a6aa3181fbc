using Cluster.Coordinator.Objects;
using Cluster.Coordinator.Objects.Requests;
using Cluster.Protocol.V1;
using Google.Protobuf;
using Xunit;

namespace Cluster.Unit.Coordinator.Objects.Properties;

/// <summary>What a journal relies on.</summary>
public sealed class ReplayProperties
{
    private const int Steps = 1500;
    private static readonly ObjectLimits Limits = new() { HistoryChanges = 20, PageBytes = 60, KeptReplies = 400, Waiters = 10 };

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_same_entries_give_the_same_state_and_the_same_replies(int seed)
    {
        var entries = new RandomEntries(seed, Limits).Run(Steps).Entries;
        var (one, first) = Apply(new ObjectMachine(Limits), entries);
        var (other, second) = Apply(new ObjectMachine(Limits), entries.Select(Copy));

        Assert.Equal(first, second);
        Assert.Equal(ObjectHarness.Bytes(one), ObjectHarness.Bytes(other));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_snapshot_and_the_rest_are_the_whole(int seed)
    {
        var entries = new RandomEntries(seed, Limits).Run(Steps).Entries;
        var (whole, replies) = Apply(new ObjectMachine(Limits), entries);
        var random = new Random(seed);
        for (var i = 0; i < 5; i++)
        {
            var cut = random.Next(entries.Count);
            var (before, first) = Apply(new ObjectMachine(Limits), entries.Take(cut));
            var records = before.Save().Select(record => ObjectsRecord.Parser.ParseFrom(record.ToByteArray())).ToList();
            var (after, second) = Apply(ObjectMachine.Restore(records, Limits), entries.Skip(cut));

            Assert.Equal(replies, first.Concat(second));
            Assert.Equal(ObjectHarness.Bytes(whole), ObjectHarness.Bytes(after));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void What_only_reads_need_not_be_written_down(int seed)
    {
        var entries = new RandomEntries(seed, Limits).Run(Steps).Entries;
        // Reads bring the time along, too: what is due by then happens with the next change, or with this.
        entries.Add(ObjectEntry.TimePassed(entries[^1].Time));
        var (whole, _) = Apply(new ObjectMachine(Limits), entries);
        var (replayed, _) = Apply(new ObjectMachine(Limits), entries.Where(entry => !IsRead(entry.Request)));

        Assert.Equal(Durable(whole), Durable(replayed));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Memory_is_counted_alike_whether_it_grew_or_was_read_from_a_snapshot(int seed)
    {
        var entries = new RandomEntries(seed, Limits).Run(Steps).Entries;
        var output = new ObjectOutput();
        var machine = new ObjectMachine(Limits);
        for (var i = 0; i < entries.Count; i++)
        {
            machine.Apply(entries[i], output);
            output.Clear();
            if (i % 50 == 0)
            {
                var restored = ObjectMachine.Restore(machine.Save(), Limits);
                Assert.Equal((machine.Memory.Used, machine.Memory.History), (restored.Memory.Used, restored.Memory.History));
            }
        }

        // When nothing is left, nothing is counted.
        var time = entries[^1].Time + TimeSpan.FromHours(1).Ticks;
        machine.Apply(ObjectEntry.Restarted(time), output);
        machine.Apply(ObjectEntry.TimePassed(time + TimeSpan.FromHours(2).Ticks), output);
        machine.Apply(ObjectEntry.SessionOpened(time + TimeSpan.FromHours(2).Ticks, "last", TimeSpan.FromHours(1)), output);
        var last = machine.FindSession("last")!.Value;
        for (ulong id = 1; id <= 2000; id++)
        {
            machine.Apply(ObjectEntry.Requested(time + TimeSpan.FromHours(2).Ticks, last, new ObjectRequest { Number = id, Object = id, Delete = new ObjectDelete() }), output);
        }

        machine.Apply(ObjectEntry.SessionClosed(time + TimeSpan.FromHours(2).Ticks, last), output);
        Assert.Equal((0L, 0L), (machine.Memory.Used, machine.Memory.History));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Refusals_for_want_of_memory_are_the_same_again(int seed)
    {
        var entries = new RandomEntries(seed, Limits).Run(Steps).Entries;
        entries.Insert(0, ObjectEntry.MemoryLimited(entries[0].Time, 20_000));
        entries.Insert(entries.Count / 2, ObjectEntry.MemoryLimited(entries[entries.Count / 2].Time, 25_000));
        var (whole, replies) = Apply(new ObjectMachine(Limits), entries);
        Assert.Contains(replies, static reply => ObjectReply.Parser.ParseFrom(Convert.FromBase64String(reply.Split(' ')[^1])).Error?.Message.Contains("--max-object-bytes", StringComparison.Ordinal) == true);
        var (other, _) = Apply(new ObjectMachine(Limits), entries.Where(entry => !IsRead(entry.Request)).Append(ObjectEntry.TimePassed(entries[^1].Time)));
        whole.Apply(ObjectEntry.TimePassed(entries[^1].Time), new ObjectOutput());
        Assert.Equal(Durable(whole), Durable(other));
        Assert.Equal((whole.Memory.Used, whole.Memory.History), (other.Memory.Used, other.Memory.History));

        var cut = new Random(seed).Next(entries.Count);
        var (before, first) = Apply(new ObjectMachine(Limits), entries.Take(cut));
        var (after, second) = Apply(ObjectMachine.Restore([.. before.Save().Select(static record => record.Clone())], Limits), entries.Skip(cut));
        Assert.Equal(replies, first.Concat(second));
        Assert.Equal(ObjectHarness.Bytes(whole), ObjectHarness.Bytes(after));
    }

    [Fact]
    public void The_runs_meet_every_kind_of_answer()
    {
        var met = Enumerable.Range(1, 40).SelectMany(seed => new RandomEntries(seed, Limits).Run(Steps).Results.Keys).ToHashSet();
        // Those are no answers, or take more than chance to get, or are given by the loop.
        string[] rare = ["Unspecified", "None", "Error", "AlreadyExists", "TooLarge", "Overflow", "NotStored"];
        var all = Enum.GetNames<ObjectErrorCode>().Concat(Enum.GetNames<ObjectReply.ResultOneofCase>()).Except(rare);

        Assert.Empty(all.Except(met));
    }

    private static bool IsRead(ObjectRequest? request) => request is not null && Operation.Of(request.OperationCase)?.Effect != OperationEffect.Change;

    private static ObjectEntry Copy(ObjectEntry entry) => entry.Request is null ? entry : ObjectEntry.Requested(entry.Time, entry.Session, entry.Request.Clone());

    private static (ObjectMachine Machine, List<string> Replies) Apply(ObjectMachine machine, IEnumerable<ObjectEntry> entries)
    {
        var output = new ObjectOutput();
        List<string> replies = [];
        foreach (var entry in entries)
        {
            output.Clear();
            machine.Apply(entry, output);
            foreach (var delivery in output.Deliveries)
            {
                replies.Add($"{delivery.Session}: {delivery.Reply.ToByteString().ToBase64()}");
            }
        }

        return (machine, replies);
    }

    /// <summary>The state without who waits for what he only reads, and without the numbers of dues, of which only the order counts.</summary>
    private static List<string> Durable(ObjectMachine machine)
    {
        List<ObjectsRecord> records = [.. machine.Save().Select(record => record.Clone()).Where(record => record.Watcher is null && !IsRead(record.Waiter?.Request))];
        DueRecord?[] dues = [.. records.Select(record => record.Session?.Due ?? record.Entry?.Expiry ?? record.Waiter?.Due)];
        foreach (var (due, order) in dues.OfType<DueRecord>().OrderBy(due => due.Order).Select((due, order) => (due, order)))
        {
            due.Order = (ulong)order;
        }

        foreach (var record in records.Where(record => record.Header is not null))
        {
            record.Header.LastDue = 0;
            record.Header.Now = 0;
        }

        return [.. records.Select(record => record.ToString())];
    }
}
