using Cluster.Node.Workers.Objects;
using Cluster.Unit.Coordinator.Objects.Dictionaries;
using Xunit;

namespace Cluster.Unit.Node.Objects;

public sealed class WatchTableTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Whatever_comes_first_every_worker_is_told_everything_once_in_order_and_before_what_is_answered_afterwards(int group)
    {
        var changes = 0;
        for (var seed = 0; seed < 150; seed++)
        {
            changes += Run(new Random((group * 1000) + seed));
        }

        Assert.True(changes > 10_000, $"{changes}");
    }

    [Fact]
    public void All_workers_share_one_watch_which_ends_with_the_last_of_them()
    {
        var harness = new FanHarness(4, 1);
        var dict = harness.Dictionaries[0];
        foreach (var worker in harness.Workers)
        {
            harness.Watch(worker, dict, 0, content: true);
            Settle(harness);
        }

        Assert.Equal(1, harness.Watches(dict));
        foreach (var worker in harness.Workers)
        {
            harness.Write(worker, dict, OnDict.Set("a", "1"));
        }

        Settle(harness);
        Assert.All(harness.Workers, static worker => Assert.Equal(4, worker.Changes));
        foreach (var worker in harness.Workers.Skip(1))
        {
            harness.Table.Leave(worker.Worker);
        }

        Settle(harness);
        Assert.Equal(1, harness.Watches(dict));
        harness.Cancel(harness.Workers[0], harness.Workers[0].Watches.Single());
        Settle(harness);
        Assert.Equal(0, harness.Watches(dict));
    }

    [Fact]
    public void A_worker_that_does_not_read_is_given_up_and_the_others_go_on()
    {
        var harness = new FanHarness(2, 1);
        var dict = harness.Dictionaries[0];
        foreach (var worker in harness.Workers)
        {
            harness.Watch(worker, dict, 0, content: false);
            Settle(harness);
        }

        var (slow, fast) = (harness.Workers[0], harness.Workers[1]);
        var large = new string('x', 1 << 19);
        var most = 0L;
        for (var i = 0; i < 64; i++)
        {
            harness.Write(fast, dict, OnDict.Set("a", large));
            while (harness.HasMore)
            {
                harness.Send();
                harness.TellNode();
                harness.TellWorker(fast);
                fast.Read();
            }

            most = Math.Max(most, slow.Worker.Replies.Bytes);
        }

        Assert.True(slow.IsGivenUp);
        Assert.False(fast.IsGivenUp);
        Assert.Equal(64, fast.Changes);
        Assert.InRange(most, 1, WatchTable.MostBytes + (1 << 20));
        Assert.Empty(slow.Worker.Watches);
    }

    [Fact]
    public void When_the_nodes_session_breaks_those_who_rely_on_it_come_back_and_nobody_else()
    {
        var harness = new FanHarness(2, 1);
        harness.Watch(harness.Workers[0], harness.Dictionaries[0], 0, content: false);
        Settle(harness);
        harness.Table.End();

        Assert.True(harness.Workers[0].IsGivenUp);
        Assert.False(harness.Workers[1].IsGivenUp);
        Assert.False(harness.Workers[0].Worker.IsFed);
    }

    private static int Run(Random random)
    {
        var harness = new FanHarness(3, 2);
        for (var step = 0; step < 200; step++)
        {
            var worker = harness.Workers[random.Next(3)];
            var dict = harness.Dictionaries.Count > 0 ? harness.Dictionaries[random.Next(harness.Dictionaries.Count)] : 0;
            switch (random.Next(12))
            {
                case 0 or 1 when dict > 0:
                    harness.Write(worker, dict, OnDict.Set($"{random.Next(9)}", $"{step}"));
                    break;
                case 2 when dict > 0:
                    harness.Write(worker, dict, OnDict.SetMany(("a", "1"), ("b", $"{step}")));
                    break;
                case 3 when dict > 0 && worker.Watches.Count() < 3:
                    var back = (ulong)random.Next(8);
                    harness.Watch(worker, dict, random.Next(2) == 0 || harness.Revision <= back ? 0 : harness.Revision - back, random.Next(3) == 0);
                    break;
                case 4 when worker.Watches.Any() && random.Next(3) == 0:
                    harness.Cancel(worker, worker.Watches.First());
                    break;
                case 5 when random.Next(40) == 0:
                    harness.Delete(worker, dict);
                    break;
                case 6:
                    harness.Send();
                    break;
                case 7 or 8:
                    harness.TellNode();
                    break;
                case 9 or 10:
                    harness.TellWorker(worker);
                    break;
                default:
                    worker.Read();
                    break;
            }
        }

        Settle(harness);
        foreach (var worker in harness.Workers)
        {
            worker.AssertUpToDate();
        }

        return harness.Workers.Sum(static worker => worker.Changes);
    }

    private static void Settle(FanHarness harness)
    {
        while (harness.HasMore)
        {
            harness.Send();
            harness.TellNode();
            foreach (var worker in harness.Workers)
            {
                harness.TellWorker(worker);
                worker.Read();
            }
        }

        foreach (var worker in harness.Workers)
        {
            worker.Read();
        }
    }
}
