using Cluster.Coordinator.Dispatch;
using Cluster.Protocol.V1;
using Cluster.TestKit;
using Grpc.Core;
using Xunit;

namespace Cluster.Unit.Coordinator.Dispatch;

/// <summary>The one writer of a stream.</summary>
public sealed class OutboxTests
{
    // Of messages; more would be for ever.
    private const int Many = 100_000;

    [Fact]
    public async Task A_thread_that_begins_to_write_is_not_kept_while_others_add_more()
    {
        Thread? first = null;
        Outbox<RunReply>? outbox = null;
        var written = 0;

        // The transport takes everything at once, and there is always another message, until another thread writes.
        outbox = new Outbox<RunReply>(new Sink(), _ =>
        {
            if (++written == Many || Thread.CurrentThread != first)
            {
                outbox!.Close();
            }
            else
            {
                outbox!.Add(new RunReply(), 1);
            }
        });
        await Task.Factory.StartNew(
            () =>
            {
                first = Thread.CurrentThread;
                outbox.Send(new RunReply(), 1);
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Within();
        await outbox.Completion.Within();
        Assert.InRange(written, 2, Many - 1);
    }

    private sealed class Sink : IAsyncStreamWriter<RunReply>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(RunReply message) => Task.CompletedTask;
    }
}
