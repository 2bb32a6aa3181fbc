using Cluster.Node.Session;
using Cluster.Node.Workers;
using Cluster.Protocol.V1;
using Cluster.TestKit.Time;
using Google.Protobuf;
using Xunit;

namespace Cluster.Unit.Node;

/// <summary>Items that sessions leave behind when they are over.</summary>
public sealed class LeftoverTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly WorkerPool _pool;
    private readonly Leftovers _leftovers;
    private readonly Outbox _session = new(1000, isAcknowledged: true);
    private readonly Outbox _next = new(1000, isAcknowledged: true);

    public LeftoverTests()
    {
        _pool = new WorkerPool(new WorkerPoolOptions("n", 1, 1), _time);
        _leftovers = new Leftovers(_time);
    }

    public void Dispose()
    {
        _leftovers.Dispose();
        _pool.Dispose();
    }

    [Fact]
    public void All_that_may_not_have_arrived_is_said_to_the_next_session_in_order()
    {
        var chunk = Begun(index: 7);
        chunk.Say(Started(chunk));
        var item = Leave(chunk);
        chunk.Say(Answer(chunk, 1));

        Assert.True(item.HandTo(99, _next, static _ => { }));
        chunk.Say(Answer(chunk, 2));

        Assert.Equal(
            [Started(99), Answer(99, 1), Answer(99, 2)],
            _next.Unacknowledged.Select(static said => said.Message));
    }

    [Fact]
    public void A_message_that_was_made_for_the_last_session_reaches_the_next_under_its_number()
    {
        var chunk = Begun(index: 7);
        var late = Answer(chunk, 1);
        Leave(chunk).HandTo(99, _next, static _ => { });

        chunk.Say(late);

        Assert.Equal([Answer(99, 1)], _next.Unacknowledged.Select(static said => said.Message));
        Assert.Equal(1u, late.ChunkResults.ChunkId);
    }

    [Fact]
    public void The_next_session_hears_of_the_end()
    {
        PoolChunk? ended = null;
        var chunk = Begun(index: 7);
        Assert.True(Leave(chunk).HandTo(99, _next, chunk => ended = chunk));

        chunk.Ended();

        Assert.Same(chunk, ended);
    }

    [Fact]
    public void What_has_ended_already_is_handed_over_and_no_more_is_to_come()
    {
        var chunk = Begun(index: 7);
        var item = Leave(chunk);
        chunk.Say(Answer(chunk, 1));
        chunk.Ended();

        Assert.False(item.HandTo(99, _next, static _ => Assert.Fail("It ended before.")));

        Assert.Equal([Answer(99, 1)], _next.Unacknowledged.Select(static said => said.Message));
    }

    [Fact]
    public async Task A_worker_that_waits_for_room_goes_on_with_the_next_session()
    {
        var chunk = Begun(index: 7);
        var item = Leave(chunk);
        chunk.Say(Answer(chunk, 1), bytes: 100 << 20);
        var room = chunk.Outbox.WaitForRoomAsync(TestContext.Current.CancellationToken);
        Assert.False(room.IsCompleted);

        item.HandTo(99, _next, static _ => { });

        await room.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Nothing_is_kept_whose_answer_would_be_incomplete()
    {
        var chunk = Begun(index: 7);
        chunk.Say(Part(chunk, offset: 0));
        chunk.Say(Part(chunk, offset: 10));
        Assert.True(Leftover.IsPossible(chunk, _session.Unacknowledged));

        // The coordinator that is gone has the first part.
        Assert.True(_session.TryAcknowledge(1));

        Assert.False(Leftover.IsPossible(chunk, _session.Unacknowledged));
        Assert.True(_session.TryAcknowledge(2));
        Assert.False(Leftover.IsPossible(chunk, _session.Unacknowledged));
    }

    [Theory]
    [InlineData(1, true, true, "key", true)]
    [InlineData(2, true, true, "key", false)] // such items are short: they run again
    [InlineData(1, false, true, "key", false)] // its input has not come in full
    [InlineData(1, true, false, "key", false)] // it waits
    [InlineData(1, true, true, "", false)] // no other coordinator would know it
    public void Only_items_that_run_alone_are_kept(int items, bool isComplete, bool hasBegun, string key, bool isKept)
    {
        var chunk = Create(index: 7, key, items, isComplete);
        if (hasBegun)
        {
            chunk.Begin(1);
        }

        Assert.Equal(isKept, Leftover.IsPossible(chunk, []));
    }

    [Fact]
    public void What_nobody_asks_for_is_given_up()
    {
        var chunk = Begun(index: 7);
        _leftovers.Add([Leave(chunk)]);
        _time.Advance(Leftovers.HoldTime - TimeSpan.FromSeconds(1));
        Assert.False(chunk.IsAbandoned);
        Assert.Equal([7ul], Listed());

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(chunk.IsAbandoned);
        Assert.Empty(Listed());
    }

    [Fact]
    public void A_coordinator_that_knows_of_it_asks_soon_or_not_at_all()
    {
        var chunk = Begun(index: 7);
        _leftovers.Add([Leave(chunk)]);

        _leftovers.Listed();
        _time.Advance(Leftovers.AskTime);

        Assert.True(chunk.IsAbandoned);
        Assert.False(_leftovers.TryTake("key", 7, out _));
    }

    [Fact]
    public void What_was_asked_for_is_not_given_up()
    {
        var chunk = Begun(index: 7);
        _leftovers.Add([Leave(chunk)]);

        Assert.True(_leftovers.TryTake("key", 7, out var item));
        item.HandTo(99, _next, static _ => { });
        _time.Advance(TimeSpan.FromHours(1));

        Assert.False(chunk.IsAbandoned);
        Assert.False(_leftovers.TryTake("key", 7, out _));
    }

    [Fact]
    public void Of_two_runs_of_an_item_one_is_kept()
    {
        var (first, second) = (Begun(index: 7), Begun(index: 7));
        _leftovers.Add([Leave(first)]);
        _leftovers.Add([Leave(second)]);

        Assert.Equal((false, true), (first.IsAbandoned, second.IsAbandoned));
        Assert.Equal([7ul], Listed());
    }

    private ulong[] Listed()
    {
        var hello = new Hello();
        _leftovers.List(hello, []);
        return [.. hello.Held.Select(static item => item.Index)];
    }

    private Leftover Leave(PoolChunk chunk)
    {
        var before = _session.Unacknowledged;
        var item = new Leftover(chunk);
        Assert.True(item.TryKeep(before));
        return item;
    }

    private PoolChunk Begun(ulong index)
    {
        var chunk = Create(index, "key", items: 1, isComplete: true);
        chunk.Begin(1);
        return chunk;
    }

    private PoolChunk Create(ulong index, string key, int items, bool isComplete)
    {
        var job = _pool.CreateJob(new OpenJob { Job = 1, Spec = new JobSpec { Key = key } });
        var run = new RunChunk { ChunkId = 1, Last = isComplete, Batches = { new Batch { First = index, Count = (uint)items } } };
        var chunk = _pool.CreateChunk(job, run, _session, static _ => { });
        _pool.Run(chunk);
        return chunk;
    }

    private static NodeMessage Started(PoolChunk chunk) => Started(chunk.Id);

    private static NodeMessage Started(ulong id) => new() { ChunkStarted = new ChunkStarted { ChunkId = id } };

    private static NodeMessage Answer(PoolChunk chunk, byte value) => Answer(chunk.Id, value);

    private static NodeMessage Answer(ulong id, byte value) => Results(id, new Batch { First = 7, Count = 1, Payload = ByteString.CopyFrom(value) });

    private static NodeMessage Part(PoolChunk chunk, ulong offset) => Results(chunk.Id, new Batch { First = 7, Count = 1, FragmentOffset = offset, FragmentTotal = 20 });

    private static NodeMessage Results(ulong id, Batch batch) => new() { ChunkResults = new ChunkResults { ChunkId = id, Results = new Results { Batches = { batch } } } };
}
