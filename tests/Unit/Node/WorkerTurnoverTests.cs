using Cluster.Node.Workers.Assignment;
using Xunit;

namespace Cluster.Unit.Node;

/// <summary>Workers that are replaced when they have run as many items as they may.</summary>
public sealed class WorkerTurnoverTests
{
    private readonly PoolState _pool = new();
    private readonly JobState _job = new();
    private readonly List<PoolAction> _actions = [];

    public WorkerTurnoverTests() => _pool.JobReady(_job, _actions);

    [Fact]
    public void A_worker_is_replaced_when_it_has_done_its_items_and_never_with_a_chunk_in_its_hands()
    {
        var worker = AddWorker(maxItems: 10);
        var first = Arrive(items: 4);
        var second = Arrive(items: 6);
        var third = Arrive(items: 1);
        Assert.Equal((worker, worker, null), (first.Worker, second.Worker, third.Worker));

        Assert.DoesNotContain(End(first, next: second), IsRetirement);
        Assert.Equal([new PoolAction(PoolActionKind.RetireWorker, worker)], End(second).Where(action => IsRetirement(action)));
        Assert.Null(third.Worker);

        _actions.Clear();
        _pool.WorkerLost(worker, _actions);
        Assert.Equal([new PoolAction(PoolActionKind.StartWorker)], _actions);
        Assert.Same(AddWorker(maxItems: 10), third.Worker);
        Assert.Equal(ChunkPhase.Running, third.Phase);
    }

    [Fact]
    public void What_waits_in_a_worker_counts_too()
    {
        var worker = AddWorker(maxItems: 10, threads: 2);
        ChunkState[] chunks = [Arrive(items: 3), Arrive(items: 3), Arrive(items: 4), Arrive(items: 1)];
        Assert.Equal([worker, worker, worker, null], chunks.Select(chunk => chunk.Worker));
    }

    [Fact]
    public void A_chunk_that_is_larger_than_the_rest_is_finished()
    {
        var worker = AddWorker(maxItems: 10);
        var large = Arrive(items: 1000);
        Assert.Same(worker, large.Worker);
        Assert.Contains(End(large), IsRetirement);
    }

    [Fact]
    public void Workers_without_a_limit_stay()
    {
        var worker = AddWorker(maxItems: null);
        for (var i = 0; i < 100; i++)
        {
            Assert.DoesNotContain(End(Arrive(items: 1000)), IsRetirement);
        }

        Assert.True(worker.IsReady);
    }

    [Fact]
    public void A_spent_worker_takes_nothing_from_busy_ones()
    {
        var spent = AddWorker(maxItems: 1, threads: 2);
        Arrive(items: 1);
        var busy = AddWorker(maxItems: null);
        Arrive(items: 1);
        var ahead = Arrive(items: 1);
        Assert.Same(busy, ahead.Worker);
        Assert.False(ahead.IsRecalled);
        Assert.True(spent.IsReady);
    }

    private static bool IsRetirement(PoolAction action) => action.Kind == PoolActionKind.RetireWorker;

    private WorkerState AddWorker(long? maxItems, int threads = 1)
    {
        var worker = new WorkerState(threads, maxItems);
        _pool.AddWorker(worker);
        _pool.WorkerReady(worker, _actions);
        return worker;
    }

    private ChunkState Arrive(long items)
    {
        var chunk = new ChunkState(_job) { Items = items };
        _pool.ChunkArrived(chunk, _actions);
        return chunk;
    }

    private List<PoolAction> End(ChunkState chunk, ChunkState? next = null)
    {
        List<PoolAction> actions = [];
        _pool.ChunkEnded(chunk, next, actions);
        return actions;
    }
}
