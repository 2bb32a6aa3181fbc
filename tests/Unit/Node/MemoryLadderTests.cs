using Cluster.Node.Workers.Assignment;
using Xunit;

namespace Cluster.Unit.Node;

/// <summary>What is done about the memory of workers, and what becomes of their chunks. Workers may have 100, the node 1000.</summary>
public sealed class MemoryLadderTests
{
    private readonly MemoryLadder _ladder = new(100, 1000);
    private readonly PoolState _pool = new();
    private readonly JobState _job = new();
    private readonly List<PoolAction> _actions = [];

    public MemoryLadderTests() => _pool.JobReady(_job, _actions);

    [Theory]
    [InlineData(800, nameof(MemoryPressure.None))]
    [InlineData(801, nameof(MemoryPressure.NothingAhead))]
    [InlineData(900, nameof(MemoryPressure.NothingAhead))]
    [InlineData(901, nameof(MemoryPressure.Hold))]
    public void The_node_takes_less_on_step_by_step(long total, string pressure)
    {
        var verdict = new MemoryLadder(null, 1000).Judge([new(AddWorker(), total - 300), new(AddWorker(), 300)]);
        Assert.Equal(pressure, verdict.Pressure.ToString());
        Assert.Empty(verdict.Killed);
    }

    [Fact]
    public void A_worker_over_its_limit_is_replaced_after_its_chunk_and_not_before()
    {
        var worker = AddWorker();
        var running = Arrive();
        var ahead = Arrive();
        Assert.Equal([new PoolAction(PoolActionKind.Recall, worker, ahead)], Relieve((worker, 101)));
        Assert.Empty(Relieve((worker, 101)));

        // Given back, it waits for the next worker.
        Assert.Empty(Do(actions => _pool.HandedBack(ahead, actions)));
        Assert.Equal([new PoolAction(PoolActionKind.RetireWorker, worker)], Do(actions => _pool.ChunkEnded(running, null, actions)));
        Assert.Equal([new PoolAction(PoolActionKind.StartWorker)], Do(actions => _pool.WorkerLost(worker, actions)));
        var next = AddWorker();
        Assert.Same(next, ahead.Worker);
    }

    [Fact]
    public void A_worker_whose_last_chunk_ends_before_the_others_are_back_is_replaced_too()
    {
        var worker = AddWorker();
        var running = Arrive();
        var ahead = Arrive();
        Relieve((worker, 101));
        Assert.Empty(Do(actions => _pool.ChunkEnded(running, null, actions)));
        Assert.Equal([new PoolAction(PoolActionKind.RetireWorker, worker)], Do(actions => _pool.HandedBack(ahead, actions)));
    }

    [Fact]
    public void An_idle_worker_is_replaced_at_once_unless_it_has_done_nothing()
    {
        var worker = AddWorker();
        Assert.Empty(Relieve((worker, 500)));
        var chunk = Arrive();
        Do(actions => _pool.ChunkEnded(chunk, null, actions));
        Assert.Empty(Relieve((worker, 100)));
        Assert.Equal([new PoolAction(PoolActionKind.RetireWorker, worker)], Relieve((worker, 151)));
        Assert.Empty(Relieve((worker, 151)));
    }

    [Fact]
    public void A_worker_far_over_its_limit_is_ended_and_only_what_it_ran_is_to_blame()
    {
        var worker = AddWorker();
        var other = AddWorker();
        var running = Arrive();
        var innocent = Arrive();
        var ahead = Arrive();
        var aheadOfOther = Arrive();
        Assert.Equal((worker, other, worker, other), (running.Worker, innocent.Worker, ahead.Worker, aheadOfOther.Worker));
        Assert.Equal(PoolActionKind.Recall, Assert.Single(Relieve((worker, 150), (other, 50))).Kind);
        Assert.Equal([new PoolAction(PoolActionKind.KillOversized, worker)], Relieve((worker, 151), (other, 50)));
        Assert.Empty(Relieve((worker, 400), (other, 50)));
        Assert.Equal(new MemoryOveruse(100, 151, 151, OfNode: false), worker.Overuse);

        var lost = Do(actions => _pool.WorkerLost(worker, actions));
        Assert.Contains(new PoolAction(PoolActionKind.EndOutOfMemory, worker, running), lost);
        Assert.DoesNotContain(lost, action => action.Chunk != running && action.Kind is PoolActionKind.EndCancelled or PoolActionKind.EndWorkerLost);
        Assert.Equal(ChunkPhase.WaitsForWorker, ahead.Phase);
        Assert.Equal(ChunkPhase.Running, innocent.Phase);
    }

    [Fact]
    public void What_begins_between_the_decision_and_the_end_goes_back_uncharged()
    {
        var worker = AddWorker();
        var running = Arrive();
        var ahead = Arrive();
        Relieve((worker, 151));
        Do(actions => _pool.ChunkEnded(running, ahead, actions));
        Assert.Contains(new PoolAction(PoolActionKind.EndCancelled, worker, ahead), Do(actions => _pool.WorkerLost(worker, actions)));
    }

    [Fact]
    public void Where_several_ran_at_once_none_is_singled_out()
    {
        var worker = AddWorker(threads: 2);
        ChunkState[] running = [Arrive(), Arrive()];
        Relieve((worker, 151));
        Assert.Equal(
            running.Select(chunk => new PoolAction(PoolActionKind.EndWorkerLost, worker, chunk)),
            Do(actions => _pool.WorkerLost(worker, actions)).Where(action => action.Kind != PoolActionKind.StartWorker));
    }

    [Fact]
    public void One_that_is_left_of_several_when_the_end_comes_was_in_company_all_the_same()
    {
        var worker = AddWorker(threads: 2);
        ChunkState[] running = [Arrive(), Arrive()];
        Relieve((worker, 151));
        Do(actions => _pool.ChunkEnded(running[0], null, actions));
        Assert.Contains(new PoolAction(PoolActionKind.EndWorkerLost, worker, running[1]), Do(actions => _pool.WorkerLost(worker, actions)));
        Assert.True(worker.EndedInCompany);
    }

    [Fact]
    public void The_largest_is_ended_when_all_have_too_much_and_one_at_a_time()
    {
        MemoryLadder ladder = new(null, 1000);
        WorkerState[] workers = [AddWorker(), AddWorker(), AddWorker()];
        Array.ForEach(workers, _ => Arrive());
        Assert.Empty(ladder.Judge([new(workers[0], 350), new(workers[1], 350), new(workers[2], 250)]).Killed);

        MemoryUse[] uses = [new(workers[0], 300), new(workers[1], 500), new(workers[2], 400)];
        var verdict = ladder.Judge(uses);
        Assert.Equal([new MemoryKill(workers[1], new MemoryOveruse(1000, 1200, 500, OfNode: true))], verdict.Killed);
        Do(actions => _pool.Relieve(verdict, actions));

        // Its memory is on the way back.
        Assert.Empty(ladder.Judge(uses).Killed);
        Assert.Equal(workers[2], Assert.Single(ladder.Judge([new(workers[0], 480), new(workers[1], 500), new(workers[2], 490)]).Killed).Worker);
    }

    [Fact]
    public void Idle_workers_give_their_memory_back_before_busy_ones_are_ended()
    {
        MemoryLadder ladder = new(null, 1000);
        var idle = AddWorker();
        var done = Arrive();
        var busy = AddWorker();
        var running = Arrive();
        Do(actions => _pool.ChunkEnded(done, null, actions));
        Assert.Equal((0, 1L, busy), (idle.Held, idle.Done, running.Worker));

        // More than the node has, but not without what is on its way back.
        MemoryUse[] uses = [new(idle, 600), new(busy, 900)];
        var verdict = ladder.Judge(uses);
        Assert.Equal((MemoryPressure.Hold, 0), (verdict.Pressure, verdict.Killed.Count));
        Assert.Equal([idle], verdict.Recycled.Where(worker => worker.Held == 0));
        Assert.Equal([new PoolAction(PoolActionKind.RetireWorker, idle)], Do(actions => _pool.Relieve(verdict, actions)));

        // It still has it when the next look comes, and that is no reason to end another either.
        verdict = ladder.Judge(uses);
        Assert.Empty(verdict.Killed);
        Assert.Empty(Do(actions => _pool.Relieve(verdict, actions)));

        // What one that has run nothing has will not come back.
        Do(actions => _pool.WorkerLost(idle, actions));
        var fresh = AddWorker();
        Assert.Equal([new MemoryKill(busy, new MemoryOveruse(1000, 960, 900, OfNode: true))], ladder.Judge([new(fresh, 60), new(busy, 900)]).Killed);
    }

    [Fact]
    public void Under_pressure_busy_workers_get_nothing_ahead()
    {
        var worker = AddWorker();
        Press(MemoryPressure.NothingAhead);
        var running = Arrive();
        var waiting = Arrive();
        Assert.Equal((worker, null), (running.Worker, waiting.Worker));
        Press(MemoryPressure.None);
        Assert.Same(worker, waiting.Worker);
    }

    [Fact]
    public void Without_memory_chunks_are_held_as_long_as_something_runs()
    {
        var worker = AddWorker();
        var running = Arrive();
        var ahead = Arrive();
        Assert.Equal([new PoolAction(PoolActionKind.Recall, worker, ahead)], Press(MemoryPressure.Hold));
        Do(actions => _pool.HandedBack(ahead, actions));
        var free = AddWorker();
        Assert.Null(ahead.Worker);

        // Nothing would ever change if nothing ran.
        Do(actions => _pool.ChunkEnded(running, null, actions));
        Assert.NotNull(ahead.Worker);
        var next = Arrive();
        Assert.Null(next.Worker);
        Press(MemoryPressure.None);
        Assert.NotNull(next.Worker);
        Assert.NotSame(ahead.Worker, next.Worker);
        Assert.Contains(free, (WorkerState[])[ahead.Worker, next.Worker]);
    }

    [Fact]
    public void What_is_said_of_an_ended_worker_names_the_limit_and_what_to_do()
    {
        const long mebibyte = 1 << 20;
        Assert.Equal(
            "it had 300 MiB of memory, and a worker may have 200 MiB here (--worker-memory). Let the function take less memory at a time, or give workers more: a higher limit, or fewer workers on the node (--workers).",
            new MemoryOveruse(200 * mebibyte, 300 * mebibyte, 300 * mebibyte, OfNode: false).ToString());
        Assert.Equal(
            "the node's workers together had 980 MiB of the 1000 MiB of memory that it may use, and this one had the most, 300 MiB. Let the function take less memory at a time, or run fewer workers on the node (--workers).",
            new MemoryOveruse(1000 * mebibyte, 980 * mebibyte, 300 * mebibyte, OfNode: true).ToString());
    }

    [Fact]
    public void The_default_share_leaves_room_for_all_and_is_never_tiny()
    {
        Assert.Equal(2L << 30, MemoryLadder.DefaultWorkerLimit(10L << 30, 4));
        Assert.Equal(MemoryLadder.SmallestDefault, MemoryLadder.DefaultWorkerLimit(1L << 30, 64));
    }

    private WorkerState AddWorker(int threads = 1)
    {
        var worker = new WorkerState(threads);
        _pool.AddWorker(worker);
        _pool.WorkerReady(worker, _actions);
        return worker;
    }

    private ChunkState Arrive()
    {
        var chunk = new ChunkState(_job);
        _pool.ChunkArrived(chunk, _actions);
        return chunk;
    }

    private List<PoolAction> Relieve(params (WorkerState Worker, long Bytes)[] uses) =>
        Do(actions => _pool.Relieve(_ladder.Judge([.. uses.Select(use => new MemoryUse(use.Worker, use.Bytes))]), actions));

    private List<PoolAction> Press(MemoryPressure pressure) => Do(actions => _pool.Relieve(new MemoryVerdict(pressure, [], []), actions));

    private static List<PoolAction> Do(Action<List<PoolAction>> act)
    {
        List<PoolAction> actions = [];
        act(actions);
        return actions;
    }
}
