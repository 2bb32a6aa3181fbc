using Cluster.Node.Workers.Assignment;
using Xunit;

namespace Cluster.Unit.Node;

/// <summary>Chunks whose item was lost in company, and which need a worker for themselves so that the one to blame is found.</summary>
public sealed class LoneChunkTests
{
    private readonly PoolState _pool = new();
    private readonly JobState _job = new();
    private readonly List<PoolAction> _actions = [];

    public LoneChunkTests() => _pool.JobReady(_job, _actions);

    [Fact]
    public void It_gets_a_worker_that_has_nothing_and_that_gets_nothing_more()
    {
        var worker = AddWorker(threads: 4);
        var lone = Arrive(isAlone: true);
        var other = Arrive();
        Assert.Equal((ChunkPhase.Running, ChunkPhase.WaitsForWorker), (lone.Phase, other.Phase));

        End(lone);
        Assert.Same(worker, other.Worker);
    }

    [Fact]
    public void A_steady_load_does_not_keep_it_waiting_for_ever()
    {
        AddWorker(threads: 2);
        var before = Enumerable.Range(0, 4).Select(_ => Arrive()).ToArray();
        var lone = Arrive(isAlone: true);
        var after = Enumerable.Range(0, 2).Select(_ => Arrive()).ToArray();
        foreach (var chunk in before)
        {
            Assert.Equal(ChunkPhase.WaitsForWorker, lone.Phase);
            End(chunk);
            Assert.All(after, waiting => Assert.Equal(ChunkPhase.WaitsForWorker, waiting.Phase));
        }

        Assert.Equal(ChunkPhase.Running, lone.Phase);
    }

    [Fact]
    public void Others_pass_it_on_the_way_to_other_workers()
    {
        var held = AddWorker(threads: 2);
        var first = Arrive();
        var other = AddWorker(threads: 2);
        Arrive();
        Arrive(isAlone: true);

        Assert.Equal([other, other, other], Enumerable.Range(0, 3).Select(_ => Arrive().Worker));
        Assert.Null(Arrive().Worker);
        Assert.Same(held, first.Worker);
    }

    [Fact]
    public void What_waits_in_the_worker_that_is_held_back_goes_to_threads_that_are_free_elsewhere()
    {
        var (held, other) = (AddWorker(threads: 2), AddWorker(threads: 2));
        var chunks = Enumerable.Range(0, 8).Select(_ => Arrive()).ToArray();
        Arrive(isAlone: true);
        Assert.Equal((true, 4), (held.IsReserved, other.Held));
        while (other.Held > 1)
        {
            Assert.DoesNotContain(chunks, chunk => chunk.IsRecalled);
            End(other.Running[0], next: other.Ahead.FirstOrDefault());
        }

        Assert.Same(held, Assert.Single(chunks, chunk => chunk.IsRecalled).Worker);
    }

    [Fact]
    public void Lone_chunks_run_side_by_side_on_different_workers()
    {
        WorkerState[] workers = [AddWorker(threads: 4), AddWorker(threads: 4)];
        ChunkState[] chunks = [Arrive(isAlone: true), Arrive(isAlone: true), Arrive(isAlone: true)];

        Assert.Equal(workers, chunks[..2].Select(chunk => chunk.Worker));
        Assert.Null(chunks[2].Worker);
        End(chunks[1]);
        Assert.Same(workers[1], chunks[2].Worker);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void When_it_is_gone_others_go_where_it_would_have(bool closes)
    {
        var worker = AddWorker(threads: 2);
        Arrive();
        var ofItsJob = closes ? new JobState() : _job;
        _pool.JobReady(ofItsJob, _actions);
        var lone = Arrive(isAlone: true, ofItsJob);
        var waiting = Arrive();
        Assert.Null(waiting.Worker);
        if (closes)
        {
            _pool.CloseJob(ofItsJob, _actions);
        }
        else
        {
            _pool.Cancel(lone, _actions);
        }

        Assert.Same(worker, waiting.Worker);
    }

    [Fact]
    public void Another_worker_is_held_back_when_the_first_is_lost()
    {
        var first = AddWorker(threads: 2);
        Arrive();
        var lone = Arrive(isAlone: true);
        var second = AddWorker(threads: 2);
        Assert.Same(second, lone.Worker);
        var next = Arrive(isAlone: true);
        _pool.WorkerLost(first, _actions);
        Assert.Null(next.Worker);
        End(lone);
        Assert.Same(second, next.Worker);
    }

    [Theory]
    [InlineData(2, 1, false)]
    [InlineData(2, 2, true)]
    [InlineData(1, 2, true)]
    public void A_worker_that_had_several_chunks_ended_in_company(int threads, int chunks, bool inCompany)
    {
        var worker = AddWorker(threads);
        for (var i = 0; i < chunks; i++)
        {
            Arrive();
        }

        _pool.WorkerEnding(worker, _actions);
        _pool.WorkerLost(worker, _actions);
        Assert.Equal(inCompany, worker.EndedInCompany);
    }

    private WorkerState AddWorker(int threads)
    {
        var worker = new WorkerState(threads);
        _pool.AddWorker(worker);
        _pool.WorkerReady(worker, _actions);
        return worker;
    }

    private ChunkState Arrive(bool isAlone = false, JobState? job = null)
    {
        var chunk = new ChunkState(job ?? _job) { IsAlone = isAlone };
        _pool.ChunkArrived(chunk, _actions);
        return chunk;
    }

    private void End(ChunkState chunk, ChunkState? next = null) => _pool.ChunkEnded(chunk, next, _actions);
}
