using Cluster.Coordinator.Jobs;
using Cluster.Protocol.V1;
using Cluster.TestKit.Coordinator;
using Xunit;

namespace Cluster.Unit.Coordinator.Jobs;

/// <summary>One writer, no delay, no bound for those who add, and a word when too much waits.</summary>
public sealed class JobOutboxTests
{
    private readonly GatedStream<RunReply> _stream = new();

    [Fact]
    public async Task What_comes_during_a_write_goes_out_together_after_it_and_in_order()
    {
        var outbox = new JobOutbox(_stream, 1 << 20, static () => { });
        _stream.Close();
        outbox.Send(Reply(0));
        outbox.Send(Reply(1));
        outbox.Send(Reply(2));
        Assert.Single(_stream.Written);
        _stream.Open();
        if (outbox.End(new JobEnd()))
        {
            outbox.Writer.Execute();
        }

        await outbox.Completion;
        Assert.Equal([0UL, 1, 2], _stream.Written.Take(3).Select(reply => reply.Message.Results.Batches[0].First));
        Assert.NotNull(_stream.Written[^1].Message.End);
        Assert.True(_stream.Written[0].Flushed);
        Assert.False(_stream.Written[1].Flushed);
        Assert.True(_stream.Written[^1].Flushed);
        Assert.Equal(0, outbox.Bytes);
    }

    [Fact]
    public async Task It_is_blocked_above_its_bound_and_unblocked_at_half_of_it()
    {
        var changes = new List<bool>();
        JobOutbox? outbox = null;
        outbox = new JobOutbox(_stream, 1000, () => changes.Add(outbox!.IsBlocked));
        _stream.Close();
        for (ulong i = 0; i < 3; i++)
        {
            outbox.Send(Reply(i, items: 50));
        }

        Assert.Equal([true], changes);
        _stream.Open();
        outbox.End(new JobEnd());
        await outbox.Completion;
        Assert.Equal([true, false], changes);
    }

    [Fact]
    public async Task A_client_that_cannot_be_written_to_ends_it()
    {
        var outbox = new JobOutbox(_stream, 1000, static () => { });
        _stream.Close();
        outbox.Send(Reply(0));
        _stream.Break(new IOException("gone"));
        await Assert.ThrowsAsync<IOException>(() => outbox.Completion);
        Assert.False(outbox.Add(Reply(1)));
        Assert.Single(_stream.Written);
    }

    private static RunReply Reply(ulong first, int items = 1) => new() { Results = new Results { Batches = { RawBatches.Of(first, items) } } };
}
