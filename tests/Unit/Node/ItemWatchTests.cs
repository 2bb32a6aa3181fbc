using Cluster.Node.Workers.Assignment;
using Xunit;

namespace Cluster.Unit.Node;

public sealed class ItemWatchTests
{
    /// <summary>What an attempt may take: its time, the grace, and a little for news to arrive.</summary>
    private static readonly TimeSpan Most = Seconds(2 + 0.35);

    private readonly PoolState _pool = new();
    private readonly JobState _job = new();
    private readonly WorkerState _worker = new(threads: 2);
    private readonly ItemWatch _watch;
    private readonly List<PoolAction> _actions = [];

    public ItemWatchTests()
    {
        _watch = new ItemWatch(_pool.Workers);
        _pool.AddWorker(_worker);
        _pool.WorkerReady(_worker, _actions);
        _pool.JobReady(_job, _actions);
    }

    [Fact]
    public void An_item_that_runs_for_too_long_is_found_when_its_grace_is_over()
    {
        var chunk = Begin(Seconds(0));
        ItemWatch.Reported(chunk, 11, tries: 0, begun: Seconds(0.5), now: Seconds(0.51));

        Assert.Equal(Seconds(0.5) + Most, _watch.NextLook());
        Assert.Empty(Look(Seconds(0.5) + Most - Seconds(0.001)));
        Assert.Equal([chunk], Look(Seconds(0.5) + Most));
        Assert.Equal((11ul, Most, true), (chunk.Timing!.Index, chunk.Timing.Overdue, chunk.Timing.IsCertain));
        Assert.Empty(Look(Seconds(60)));
        Assert.Null(_watch.NextLook());
    }

    [Fact]
    public void Answers_are_news()
    {
        var chunk = Begin(Seconds(0));
        ItemWatch.Answered(chunk, 12, Seconds(1));
        ItemWatch.Answered(chunk, 14, Seconds(2));

        Assert.Empty(Look(Seconds(1) + Most));
        Assert.Equal([chunk], Look(Seconds(2) + Most));
        Assert.Equal(14ul, chunk.Timing!.Index);
    }

    [Fact]
    public void Which_of_several_items_runs_is_not_certain_before_the_worker_says_so()
    {
        var chunk = Begin(Seconds(0));
        ItemWatch.Loaded(chunk, Seconds(0));
        Assert.False(chunk.Timing!.IsCertain);
        ItemWatch.Reported(chunk, 11, 0, Seconds(0), Seconds(0.01));
        Assert.True(chunk.Timing.IsCertain);
        ItemWatch.Answered(chunk, 12, Seconds(1));
        Assert.False(chunk.Timing.IsCertain);

        // What was said before the answer and comes after it is old.
        ItemWatch.Reported(chunk, 11, 0, Seconds(0), Seconds(1));
        Assert.False(chunk.Timing.IsCertain);
    }

    [Fact]
    public void Loading_the_code_is_nobodys_time_until_the_worker_says_that_it_is_done()
    {
        var chunk = Begin(Seconds(0));
        var other = Begin(Seconds(0), first: 20);
        Assert.Empty(Look(Seconds(20)));
        ItemWatch.Loaded(chunk, Seconds(20));

        // The other one has waited for the same code.
        Assert.Equal(Seconds(20) + Most, _watch.NextLook());
        Assert.Equal([chunk, other], Look(Seconds(20) + Most));
        _pool.ChunkEnded(chunk, null, _actions);
        _pool.ChunkEnded(other, null, _actions);

        var later = Begin(Seconds(30), first: 30);
        Assert.Equal([later], Look(Seconds(30) + Most));
    }

    [Fact]
    public void Waiting_for_the_next_attempt_does_not_count()
    {
        var chunk = Begin(Seconds(0));
        ItemWatch.Reported(chunk, 10, tries: 1, begun: Seconds(100), now: Seconds(1));

        Assert.Empty(Look(Seconds(100)));
        Assert.Equal([chunk], Look(Seconds(100) + Most));
        Assert.Equal(1u, chunk.Timing!.Tries);
    }

    [Fact]
    public void Silence_means_nothing_while_nobody_listens()
    {
        var chunk = Begin(Seconds(0));
        ItemWatch.Reported(chunk, 10, 0, Seconds(0), Seconds(0));
        _worker.IsUnread = true;
        Assert.Null(_watch.NextLook());
        Assert.Empty(Look(Seconds(10)));

        _worker.IsUnread = false;
        ItemWatch.ReadAgain(_worker, Seconds(10));
        Assert.Empty(Look(Seconds(10.5)));
        Assert.Equal([chunk], Look(Seconds(11)));
    }

    [Fact]
    public void A_node_that_stood_still_itself_reads_before_it_judges()
    {
        var chunk = Begin(Seconds(0));
        ItemWatch.Reported(chunk, 10, 0, Seconds(0), Seconds(0));

        Assert.Empty(_watch.Look(planned: Most, now: Seconds(30)));
        Assert.Equal([chunk], Look(Seconds(31)));
    }

    [Fact]
    public void Only_the_chunk_whose_item_is_overdue_pays_for_its_worker()
    {
        var chunk = Begin(Seconds(0));
        var neighbour = Begin(Seconds(0), first: 20);
        ItemWatch.Reported(chunk, 10, 0, Seconds(0), Seconds(0));
        ItemWatch.Reported(neighbour, 20, 0, Seconds(1), Seconds(1));
        _actions.Clear();
        Assert.Equal([chunk], Look(Most));
        PoolState.ItemOverdue(chunk, _actions);
        PoolState.ItemOverdue(chunk, _actions);
        Assert.Equal([new PoolAction(PoolActionKind.KillWorker, _worker, chunk)], _actions);

        _actions.Clear();
        _pool.WorkerLost(_worker, _actions);
        Assert.Contains(new PoolAction(PoolActionKind.EndTimedOut, _worker, chunk), _actions);
        Assert.Contains(new PoolAction(PoolActionKind.EndCancelled, _worker, neighbour), _actions);
    }

    [Fact]
    public void A_chunk_of_which_nobody_knows_the_guilty_item_goes_back_like_that_of_a_lost_worker()
    {
        var chunk = Begin(Seconds(0));
        ItemWatch.Loaded(chunk, Seconds(0));
        Assert.Equal([chunk], Look(Most));
        PoolState.ItemOverdue(chunk, _actions);
        _actions.Clear();
        _pool.WorkerLost(_worker, _actions);

        Assert.Contains(new PoolAction(PoolActionKind.EndWorkerLost, _worker, chunk), _actions);
    }

    [Fact]
    public void A_cancelled_chunk_is_left_to_its_own_grace()
    {
        var chunk = Begin(Seconds(0));
        _pool.Cancel(chunk, _actions);

        Assert.Empty(Look(Seconds(60)));
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private List<ChunkState> Look(TimeSpan now) => _watch.Look(now, now);

    private ChunkState Begin(TimeSpan now, ulong first = 10)
    {
        var chunk = new ChunkState(_job) { Timing = new ItemTiming(Seconds(2), first, isAlone: false, tries: 0) };
        _pool.ChunkArrived(chunk, _actions);
        Assert.Equal(ChunkPhase.Running, chunk.Phase);
        ItemWatch.Begin(chunk, now);
        return chunk;
    }
}
