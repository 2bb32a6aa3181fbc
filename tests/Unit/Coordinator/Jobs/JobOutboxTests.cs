using Cluster.Coordinator.Jobs;
using Cluster.Protocol.V1;
using Cluster.TestKit;
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

    [Fact]
    public async Task Lines_beyond_the_bound_are_dropped_and_the_next_lines_tell_how_many_of_which_node()
    {
        var caughtUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        JobOutbox? outbox = null;
        outbox = new JobOutbox(_stream, 1000, () => _ = !outbox!.IsBlocked && caughtUp.TrySetResult());
        _stream.Close();
        outbox.SendOutput("a", Lines(20));
        outbox.SendOutput("a", Lines(3));
        outbox.SendOutput("b", new Output { Lines = { Lines(4).Lines }, Dropped = { new DroppedLines { Lines = 10 } } });
        outbox.SendOutput("a", Lines(2));
        Assert.InRange(outbox.Bytes, 1000, 3000);
        _stream.Open();
        await caughtUp.Task.Within();
        outbox.SendOutput("b", Lines(1));
        End(outbox);
        await outbox.Completion.Within();
        Assert.Equal([20, 1, 0], _stream.Written.Select(reply => reply.Message.Output?.Lines.Count ?? 0));
        Assert.Equal([("a", 5UL), ("b", 14UL)], _stream.Written[1].Message.Output.Dropped.Select(dropped => (dropped.Node, dropped.Lines)));
    }

    [Fact]
    public async Task What_was_dropped_last_is_told_before_the_end()
    {
        var outbox = new JobOutbox(_stream, 1000, static () => { });
        _stream.Close();
        outbox.SendOutput("a", Lines(20));
        outbox.SendOutput("a", Lines(7));
        End(outbox);
        _stream.Open();
        await outbox.Completion.Within();
        Assert.Equal(7UL, Assert.Single(_stream.Written[^2].Message.Output.Dropped).Lines);
        Assert.NotNull(_stream.Written[^1].Message.End);
    }

    [Fact]
    public async Task Failures_of_many_items_become_messages_as_the_client_reads()
    {
        const int Items = 100_000;
        var outbox = new JobOutbox(_stream, 100_000, static () => { });
        _stream.Close();
        for (ulong first = 0; first < Items; first += Items / 4)
        {
            if (outbox.Fail(new ItemRange(first, Items / 4), JobErrors.ItemCancelled(), 0))
            {
                outbox.Writer.Execute();
            }
        }

        Assert.False(outbox.End(new JobEnd()));
        Assert.InRange(outbox.Bytes, 100_000, 300_000);
        Assert.InRange(outbox.OwedItems, (ulong)Items - 10_000, (ulong)Items);
        _stream.Open();
        await outbox.Completion.Within();
        Assert.Equal((0L, 0UL), (outbox.Bytes, outbox.OwedItems));
        Assert.Equal(
            Enumerable.Range(0, Items).Select(index => (ulong)index),
            _stream.Written.SelectMany(reply => reply.Message.Results?.Failures ?? []).Select(failure => failure.Index));
        Assert.All(_stream.Written, reply => Assert.InRange(reply.Message.Results?.Failures.Count ?? 0, 0, 1000));
        Assert.NotNull(_stream.Written[^1].Message.End);
    }

    [Fact]
    public async Task Failures_of_one_attempt_share_messages_and_those_of_others_do_not()
    {
        var outbox = new JobOutbox(_stream, 10, static () => { });
        _stream.Close();
        outbox.Send(Reply(0));
        for (ulong index = 0; index < 6; index++)
        {
            outbox.Fail(new ItemRange(2 * index, 1), JobErrors.ItemCancelled(), attempt: index < 4 ? 1U : 2U);
        }

        End(outbox);
        _stream.Open();
        await outbox.Completion.Within();
        var failures = _stream.Written.Skip(1).SkipLast(1).Select(reply => reply.Message.Results).ToList();
        Assert.Equal([(4, 1U), (2, 2U)], failures.Select(results => (results.Failures.Count, results.Attempt)));
    }

    [Fact]
    public void What_is_coming_blocks_the_job_and_costs_no_lines()
    {
        var changes = new List<bool>();
        JobOutbox? outbox = null;
        outbox = new JobOutbox(_stream, 1000, () => changes.Add(outbox!.IsBlocked));
        outbox.Hold(600);
        outbox.Hold(600);
        outbox.SendOutput("a", Lines(1));
        outbox.Release(1200);
        Assert.Equal([true, false], changes);
        Assert.Single(Assert.Single(_stream.Written).Message.Output.Lines);
    }

    private static void End(JobOutbox outbox)
    {
        if (outbox.End(new JobEnd()))
        {
            outbox.Writer.Execute();
        }
    }

    private static Output Lines(int count)
    {
        var output = new Output();
        output.Lines.Add(Enumerable.Repeat(new OutputLine { Text = new string('x', 100) }, count));
        return output;
    }

    private static RunReply Reply(ulong first, int items = 1) => new() { Results = new Results { Batches = { RawBatches.Of(first, items) } } };
}
