using Cluster.Worker.Running;
using Xunit;

namespace Cluster.Unit.Worker;

public sealed class ChunkQueueTests
{
    private readonly ChunkQueue _queue = new(threads: 2);

    [Fact]
    public void Chunks_begin_while_threads_are_free_and_wait_in_their_order_after()
    {
        var chunks = new[] { Add(), Add(), Add(), Add() };

        Assert.Equal([true, true, false, false], chunks.Select(chunk => chunk.Begins));
        Assert.Same(chunks[2].Run, _queue.End(chunks[1].Run));
        Assert.Same(chunks[3].Run, _queue.End(chunks[2].Run));
        Assert.Null(_queue.End(chunks[0].Run));
        Assert.True(Add().Begins);
    }

    [Fact]
    public void Only_what_waits_can_be_taken_back()
    {
        var (running, _) = Add();
        Add();
        var (waiting, _) = Add();

        Assert.False(_queue.TryWithdraw(running.Number));
        Assert.True(_queue.TryWithdraw(waiting.Number));
        Assert.False(_queue.TryWithdraw(waiting.Number));
        Assert.False(_queue.TryFind(waiting.Number, out _));
        Assert.Null(_queue.End(running));
    }

    [Fact]
    public void A_chunk_is_known_from_its_first_part_to_its_end()
    {
        var arriving = new ChunkRun(99, null!, attempt: 1);
        _queue.Announce(arriving);

        Assert.True(_queue.TryFind(99, out var found));
        Assert.Same(arriving, found);
        Assert.False(_queue.TryWithdraw(99));
        _queue.TryBegin(arriving);
        _queue.End(arriving);
        Assert.False(_queue.TryFind(99, out _));
    }

    private ulong _last;

    private (ChunkRun Run, bool Begins) Add()
    {
        var run = new ChunkRun(++_last, null!, attempt: 1);
        _queue.Announce(run);
        return (run, _queue.TryBegin(run));
    }
}
