using Cluster.Node.Workers.Assignment;
using Xunit;

namespace Cluster.Unit.Node;

/// <summary>A pool whose node is to leave.</summary>
public sealed class DrainTests
{
    private readonly PoolState _pool = new();
    private readonly JobState _job = new();
    private readonly WorkerState _worker = new(threads: 1);

    public DrainTests()
    {
        _pool.AddWorker(_worker);
        Do(actions => _pool.WorkerReady(_worker, actions));
        Do(actions => _pool.JobReady(_job, actions));
    }

    [Fact]
    public void What_has_not_begun_goes_back_and_what_runs_ends_after_its_item()
    {
        var (running, ahead, waiting) = (Arrive(), Arrive(), Arrive());
        var preparing = Arrive(new JobState());

        Assert.Equal(
            [
                new PoolAction(PoolActionKind.StopAfterItem, _worker, running),
                new PoolAction(PoolActionKind.Recall, _worker, ahead),
                new PoolAction(PoolActionKind.EndCancelled, Chunk: waiting),
                new PoolAction(PoolActionKind.EndCancelled, Chunk: preparing),
            ],
            Do(_pool.Drain));
        Assert.Equal([new PoolAction(PoolActionKind.EndCancelled, Chunk: ahead)], Do(actions => _pool.HandedBack(ahead, actions)));
        Assert.False(_pool.IsDrained);
        Do(actions => _pool.ChunkEnded(running, null, actions));
        Assert.True(_pool.IsDrained);
    }

    [Fact]
    public void What_comes_later_goes_back_at_once()
    {
        Do(_pool.Drain);
        var late = new ChunkState(_job);

        Assert.Equal([new PoolAction(PoolActionKind.EndCancelled, Chunk: late)], Do(actions => _pool.ChunkArrived(late, actions)));
        Assert.True(_pool.IsDrained);
    }

    [Fact]
    public void A_chunk_that_began_before_its_recall_ends_after_its_item()
    {
        Arrive();
        var ahead = Arrive();
        Do(_pool.Drain);

        Assert.Contains(new PoolAction(PoolActionKind.StopAfterItem, _worker, ahead), Do(actions => _pool.Begun(ahead, actions)));
    }

    [Fact]
    public void Workers_that_end_meanwhile_are_not_replaced()
    {
        var running = Arrive();
        Do(_pool.Drain);

        Assert.Equal([new PoolAction(PoolActionKind.EndWorkerLost, _worker, running)], Do(actions => _pool.WorkerLost(_worker, actions)));
    }

    [Fact]
    public void After_the_grace_what_runs_is_given_back_with_the_end_of_its_worker()
    {
        var running = Arrive();
        Do(_pool.Drain);

        Assert.Equal(
            [new PoolAction(PoolActionKind.CancelAtWorker, _worker, running), new PoolAction(PoolActionKind.KillWorker, _worker, running)],
            Do(_pool.EndAll));
        Assert.Equal([new PoolAction(PoolActionKind.EndCancelled, _worker, running)], Do(actions => _pool.WorkerLost(_worker, actions)));
        Assert.True(_pool.IsDrained);
    }

    private ChunkState Arrive(JobState? job = null)
    {
        ChunkState chunk = new(job ?? _job);
        Do(actions => _pool.ChunkArrived(chunk, actions));
        return chunk;
    }

    private static List<PoolAction> Do(Action<List<PoolAction>> what)
    {
        List<PoolAction> actions = [];
        what(actions);
        return actions;
    }
}
