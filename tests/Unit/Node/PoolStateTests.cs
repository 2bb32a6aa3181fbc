using Cluster.Node.Workers.Assignment;
using Xunit;

namespace Cluster.Unit.Node;

public sealed class PoolStateTests
{
    private readonly PoolState _pool = new();
    private readonly JobState _job = new();

    [Fact]
    public void A_chunk_goes_to_a_ready_worker_after_its_job()
    {
        var worker = ReadyWorker();
        MakeReady(_job);
        var chunk = new ChunkState(_job);

        Assert.Equal(
            [
                new PoolAction(PoolActionKind.OpenJob, worker, Job: _job),
                new PoolAction(PoolActionKind.Begun, worker, chunk),
                new PoolAction(PoolActionKind.Send, worker, chunk, _job),
            ],
            Do(actions => _pool.ChunkArrived(chunk, actions)));
        Assert.Equal(ChunkPhase.Running, chunk.Phase);
    }

    [Fact]
    public void A_worker_is_told_about_a_job_once()
    {
        var worker = ReadyWorker();
        MakeReady(_job);
        var first = Arrive(_job);
        End(first);

        var second = new ChunkState(_job);
        Assert.Equal(
            [new PoolAction(PoolActionKind.Begun, worker, second), new PoolAction(PoolActionKind.Send, worker, second, _job)],
            Do(actions => _pool.ChunkArrived(second, actions)));
    }

    [Fact]
    public void Chunks_wait_for_workers_in_their_order()
    {
        MakeReady(_job);
        var chunks = new[] { Arrive(_job), Arrive(_job), Arrive(_job) };
        Assert.Equal(3, _pool.WaitingCount);
        var worker = AddWorker();

        var actions = Do(actions => _pool.WorkerReady(worker, actions));
        Assert.Equal([chunks[0]], Begun(actions));
        Assert.Equal(chunks[..2], Sent(actions));
        actions = End(chunks[0], next: chunks[1]);
        Assert.Equal([chunks[1]], Begun(actions));
        Assert.Equal([chunks[2]], Sent(actions));
        Assert.Equal((1, 1), (_pool.RunningCount, _pool.WaitingCount));
    }

    [Fact]
    public void What_is_on_its_way_to_a_thread_that_became_free_begins_there()
    {
        ReadyWorker();
        MakeReady(_job);
        var running = Arrive(_job);
        var onItsWay = Arrive(_job);

        Assert.Equal([onItsWay], Begun(End(running)));
    }

    [Fact]
    public void A_chunk_ahead_is_recalled_for_a_worker_that_is_free_and_goes_there()
    {
        var busy = ReadyWorker();
        MakeReady(_job);
        Arrive(_job);
        var ahead = Arrive(_job);
        Assert.Same(busy, ahead.Worker);
        var idle = AddWorker();

        Assert.Equal([new PoolAction(PoolActionKind.Recall, busy, ahead)], Do(actions => _pool.WorkerReady(idle, actions)));
        Assert.Equal([ahead], Begun(Do(actions => _pool.HandedBack(ahead, actions))));
        Assert.Same(idle, ahead.Worker);
    }

    [Fact]
    public void A_recall_that_came_too_late_changes_nothing()
    {
        ReadyWorker();
        MakeReady(_job);
        var running = Arrive(_job);
        var ahead = Arrive(_job);
        var idle = AddWorker();
        Do(actions => _pool.WorkerReady(idle, actions));

        // The worker had no other when it ended the first: whether the recall was faster than the chunk, it will say.
        Assert.Empty(Begun(End(running)));
        Assert.Equal([ahead], Begun(Do(actions => _pool.Begun(ahead, actions))));
        Assert.Empty(Do(actions => _pool.HandedBack(ahead, actions)));
        End(ahead);
        Assert.Equal((0, 0), (_pool.RunningCount, _pool.WaitingCount));
    }

    [Fact]
    public void A_chunk_that_has_not_come_as_a_whole_is_not_recalled()
    {
        ReadyWorker();
        MakeReady(_job);
        Arrive(_job);
        var ahead = Arrive(_job);
        ahead.IsComplete = false;
        Assert.Empty(Do(actions => _pool.WorkerReady(AddWorker(), actions)));
    }

    [Fact]
    public void A_chunk_ahead_outlives_its_worker_and_waits_in_its_place()
    {
        var worker = ReadyWorker(threads: 2);
        MakeReady(_job);
        var chunks = Enumerable.Range(0, 5).Select(_ => Arrive(_job)).ToArray();
        var cancelled = chunks[2];
        Assert.Equal([new PoolAction(PoolActionKind.CancelAtWorker, worker, cancelled)], Do(actions => _pool.Cancel(cancelled, actions)));

        var actions = Do(actions => _pool.WorkerLost(worker, actions));
        Assert.Equal(chunks[..2], actions.Where(action => action.Kind == PoolActionKind.EndWorkerLost).Select(action => action.Chunk));
        Assert.Equal([cancelled], actions.Where(action => action.Kind == PoolActionKind.EndCancelled).Select(action => action.Chunk));
        Assert.Equal(chunks[3..], Sent(Do(actions => _pool.WorkerReady(AddWorker(), actions)).Concat(Do(actions => _pool.WorkerReady(AddWorker(), actions)))));
    }

    [Fact]
    public void Code_on_its_way_holds_up_only_its_own_job()
    {
        ReadyWorker();
        ReadyWorker();
        var slow = Arrive(_job);
        var other = new JobState();
        MakeReady(other);
        var quick = new ChunkState(other);

        Assert.Equal([quick], Begun(Do(actions => _pool.ChunkArrived(quick, actions))));
        Assert.Equal([slow], Begun(Do(actions => _pool.JobReady(_job, actions))));
    }

    [Fact]
    public void Code_that_cannot_be_had_fails_the_chunks_that_came_and_those_that_come()
    {
        ReadyWorker();
        var early = Arrive(_job);
        Assert.Equal([new PoolAction(PoolActionKind.EndCodeFailed, Chunk: early, Job: _job)], Do(actions => _pool.JobFailed(_job, actions)));

        var late = new ChunkState(_job);
        Assert.Equal([new PoolAction(PoolActionKind.EndCodeFailed, Chunk: late, Job: _job)], Do(actions => _pool.ChunkArrived(late, actions)));
        Assert.Equal(0, _pool.WaitingCount);
    }

    [Fact]
    public void The_worker_with_most_room_comes_first_and_then_the_one_that_knows_the_code()
    {
        var first = ReadyWorker(threads: 2);
        MakeReady(_job);
        var chunk = Arrive(_job);
        var second = ReadyWorker(threads: 2);
        Assert.Same(second, Arrive(_job).Worker);
        End(chunk);
        var third = ReadyWorker(threads: 2);

        Assert.Same(first, Arrive(_job).Worker);
        Assert.Same(third, Arrive(_job).Worker);
    }

    [Fact]
    public void A_waiting_chunk_is_dropped_and_a_running_one_is_asked_to_stop()
    {
        var worker = ReadyWorker();
        MakeReady(_job);
        var running = Arrive(_job);
        Arrive(_job);
        var waiting = Arrive(_job);

        Assert.Equal([new PoolAction(PoolActionKind.EndCancelled, Chunk: waiting)], Do(actions => _pool.Cancel(waiting, actions)));
        Assert.Equal([new PoolAction(PoolActionKind.CancelAtWorker, worker, running)], Do(actions => _pool.Cancel(running, actions)));
        Assert.Empty(Do(actions => _pool.Cancel(running, actions)));
    }

    [Fact]
    public void After_its_grace_a_chunk_that_still_runs_costs_its_worker_which_takes_nothing_more()
    {
        var worker = ReadyWorker(threads: 2);
        MakeReady(_job);
        var stuck = Arrive(_job);
        Do(actions => _pool.Cancel(stuck, actions));

        Assert.Equal([new PoolAction(PoolActionKind.KillWorker, worker, stuck)], Do(actions => _pool.GraceOver(stuck, actions)));
        Assert.Equal(ChunkPhase.WaitsForWorker, Arrive(_job).Phase);
    }

    [Fact]
    public void A_chunk_that_stopped_within_its_grace_costs_nothing()
    {
        ReadyWorker();
        MakeReady(_job);
        var chunk = Arrive(_job);
        Do(actions => _pool.Cancel(chunk, actions));
        End(chunk);

        Assert.Empty(Do(actions => _pool.GraceOver(chunk, actions)));
    }

    [Fact]
    public void A_chunk_that_begins_after_its_grace_costs_its_worker_then_and_its_neighbour_nothing_but_time()
    {
        var worker = ReadyWorker(threads: 2);
        MakeReady(_job);
        var first = Arrive(_job);
        var neighbour = Arrive(_job);
        var late = Arrive(_job);
        Do(actions => _pool.Cancel(late, actions));
        Assert.Empty(Do(actions => _pool.GraceOver(late, actions)));

        Assert.Contains(new PoolAction(PoolActionKind.KillWorker, worker, late), End(first, next: late));
        Assert.Equal(
            [new PoolAction(PoolActionKind.StartWorker), new PoolAction(PoolActionKind.EndCancelled, worker, neighbour), new PoolAction(PoolActionKind.EndCancelled, worker, late)],
            Do(actions => _pool.WorkerLost(worker, actions)));
    }

    [Fact]
    public void A_chunk_is_withdrawn_wherever_it_waits_and_nowhere_else()
    {
        var worker = ReadyWorker();
        MakeReady(_job);
        var running = Arrive(_job);
        var ahead = Arrive(_job);
        var waiting = Arrive(_job);

        Assert.Empty(Do(actions => _pool.Withdraw(running, actions)));
        Assert.Equal([new PoolAction(PoolActionKind.EndCancelled, Chunk: waiting)], Do(actions => _pool.Withdraw(waiting, actions)));
        Assert.Equal([new PoolAction(PoolActionKind.Recall, worker, ahead)], Do(actions => _pool.Withdraw(ahead, actions)));
        Assert.Equal([new PoolAction(PoolActionKind.EndCancelled, Chunk: ahead)], Do(actions => _pool.HandedBack(ahead, actions)));
    }

    [Fact]
    public void A_worker_that_ends_gets_nothing_more()
    {
        var worker = ReadyWorker();
        MakeReady(_job);
        Arrive(_job);
        var ahead = Arrive(_job);

        Do(actions => _pool.WorkerEnding(worker, actions));
        Assert.Equal(ChunkPhase.WaitsForWorker, ahead.Phase);
        Assert.Equal(ChunkPhase.WaitsForWorker, Arrive(_job).Phase);
    }

    [Fact]
    public void A_lost_worker_is_replaced_and_its_chunks_are_answered_by_what_became_of_them()
    {
        var worker = ReadyWorker(threads: 3);
        MakeReady(_job);
        var innocent = Arrive(_job);
        var cancelled = Arrive(_job);
        var abandoned = Arrive(_job);
        Do(actions => _pool.Cancel(cancelled, actions));
        Do(actions => _pool.Abandon([abandoned], actions));

        Assert.Equal(
            [
                new PoolAction(PoolActionKind.StartWorker),
                new PoolAction(PoolActionKind.EndWorkerLost, worker, innocent),
                new PoolAction(PoolActionKind.EndCancelled, worker, cancelled),
            ],
            Do(actions => _pool.WorkerLost(worker, actions)));
        Assert.Equal((0, 0), (_pool.RunningCount, _pool.WaitingCount));
        Assert.Empty(Do(actions => _pool.WorkerLost(worker, actions)));
    }

    [Fact]
    public void Abandoned_chunks_end_in_silence()
    {
        ReadyWorker();
        MakeReady(_job);
        var running = Arrive(_job);
        var waiting = Arrive(_job);

        Assert.Equal(
            [PoolActionKind.CancelAtWorker, PoolActionKind.CancelAtWorker],
            Do(actions => _pool.Abandon([running, waiting], actions)).Select(action => action.Kind));
        Assert.Empty(End(waiting));
        Assert.Empty(End(running));
        Assert.Equal((0, 0), (_pool.RunningCount, _pool.WaitingCount));
    }

    [Fact]
    public void A_closed_job_is_forgotten_by_workers_when_its_last_chunk_has_ended()
    {
        var worker = ReadyWorker();
        MakeReady(_job);
        var running = Arrive(_job);
        var ahead = Arrive(_job);
        var waiting = Arrive(_job);

        Assert.Equal(
            [new PoolAction(PoolActionKind.CancelAtWorker, worker, ahead), new PoolAction(PoolActionKind.EndCancelled, Chunk: waiting)],
            Do(actions => _pool.CloseJob(_job, actions)));
        Assert.Empty(End(ahead));
        Assert.Equal([new PoolAction(PoolActionKind.CloseJob, worker, Job: _job)], End(running));
    }

    private static List<PoolAction> Do(Action<List<PoolAction>> step)
    {
        var actions = new List<PoolAction>();
        step(actions);
        return actions;
    }

    private static IEnumerable<ChunkState?> Begun(IEnumerable<PoolAction> actions) =>
        actions.Where(action => action.Kind == PoolActionKind.Begun).Select(action => action.Chunk);

    private static IEnumerable<ChunkState?> Sent(IEnumerable<PoolAction> actions) =>
        actions.Where(action => action.Kind == PoolActionKind.Send).Select(action => action.Chunk);

    private List<PoolAction> End(ChunkState chunk, ChunkState? next = null) => Do(actions => _pool.ChunkEnded(chunk, next, actions));

    private void MakeReady(JobState job) => Do(actions => _pool.JobReady(job, actions));

    private WorkerState AddWorker(int threads = 1)
    {
        var worker = new WorkerState(threads);
        _pool.AddWorker(worker);
        return worker;
    }

    private WorkerState ReadyWorker(int threads = 1)
    {
        var worker = AddWorker(threads);
        Do(actions => _pool.WorkerReady(worker, actions));
        return worker;
    }

    private ChunkState Arrive(JobState job)
    {
        var chunk = new ChunkState(job);
        Do(actions => _pool.ChunkArrived(chunk, actions));
        return chunk;
    }
}
