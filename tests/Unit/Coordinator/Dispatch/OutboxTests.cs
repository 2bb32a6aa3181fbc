using Cluster.Coordinator.Dispatch;
using Cluster.Protocol.V1;
using Cluster.TestKit;
using Cluster.Unit.Coordinator.Jobs;
using Xunit;

namespace Cluster.Unit.Coordinator.Dispatch;

/// <summary>The one writer of a stream.</summary>
public sealed class OutboxTests
{
    [Fact]
    public async Task A_thread_that_begins_to_write_is_not_kept_while_others_add_more()
    {
        var enough = false;
        Outbox<RunReply>? outbox = null;

        // The transport always takes what it gets at once, and there is always another message.
        void Next()
        {
            if (Volatile.Read(ref enough))
            {
                outbox!.Close();
            }
            else
            {
                outbox!.Add(new RunReply(), 1);
            }
        }

        outbox = new Outbox<RunReply>(new GatedStream<RunReply>(), _ => Next());
        await Task.Factory.StartNew(
            () => outbox.Send(new RunReply(), 1), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).Within();
        Assert.False(outbox.Completion.IsCompleted);
        Volatile.Write(ref enough, true);
        await outbox.Completion.Within();
    }
}
