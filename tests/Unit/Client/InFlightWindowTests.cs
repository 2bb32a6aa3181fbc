using Cluster.Client.Jobs;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Cluster.Unit.Client;

public sealed class InFlightWindowTests
{
    [Fact]
    public void One_item_may_fly_whatever_its_size()
    {
        var window = new InFlightWindow(new WindowLimits { MaxInputBytes = 100 });

        Assert.True(window.Fits(1, 1_000_000));
        window.Take(1);
        window.Send(1, 1_000_000);
        Assert.False(window.Fits(1, 1));
        window.Answer(1, 1_000_000, 0);
        Assert.True(window.Fits(1, 1));
    }

    [Fact]
    public void A_large_item_waits_for_empty_ones_too()
    {
        var window = new InFlightWindow(new WindowLimits { MaxInputBytes = 100 });
        window.Take(1);
        window.Send(1, 0);

        Assert.False(window.Fits(1, 101));
        Assert.True(window.Fits(1, 100));
    }

    [Fact]
    public void Empty_items_are_bounded_by_their_number()
    {
        var window = new InFlightWindow(new WindowLimits { MaxInputBytes = 1 << 20 });
        window.Accept(1 << 20, maxItems: 10);
        window.Take(20);
        Assert.True(window.Fits(20, 0));
        window.Send(8, 0);
        Assert.False(window.Fits(3, 0));
        Assert.True(window.Fits(2, 0));
    }

    [Fact]
    public void The_users_bound_counts_what_was_taken_and_not_consumed()
    {
        var window = new InFlightWindow(new WindowLimits { MaxItems = 10, ResultBudget = 1 << 20 });
        window.Take(10);
        Assert.Equal(0, window.Room);
        window.Answer(4, 0, 100);
        Assert.Equal(0, window.Room);
        window.Consume(3, 75);
        Assert.Equal(3, window.Room);
    }

    [Fact]
    public void A_reader_that_stops_stops_the_source_after_few_items()
    {
        var window = new InFlightWindow(new WindowLimits { ResultBudget = 64 << 20 });
        var taken = Drain(window);
        window.Answer(taken, 0, taken * 4);
        taken += Drain(window);

        Assert.InRange(taken, 1, 64);
    }

    [Fact]
    public void A_reader_that_goes_on_opens_the_window_fast()
    {
        var window = new InFlightWindow(new WindowLimits { ResultBudget = 64 << 20 });
        var rounds = 0;
        for (; window.Room < 1 << 16; rounds++)
        {
            var taken = Drain(window);
            window.Answer(taken, 0, taken * 4);
            window.Consume(taken, taken * 4);
        }

        Assert.InRange(rounds, 1, 12);
    }

    [Fact]
    public void Slots_open_the_window_without_results()
    {
        var window = new InFlightWindow(new WindowLimits { ResultBudget = 64 << 20 });

        window.ServeSlots(1000);

        Assert.Equal(4000, window.Room);
    }

    [Fact]
    public void Whatever_happens_the_bounds_hold_and_the_job_can_go_on()
    {
        Prop.ForAll(
            ArbMap.Default.ArbFor<(byte Action, ushort Amount)[]>(),
            steps =>
            {
                const long budget = 1 << 20;
                var window = new InFlightWindow(new WindowLimits { MaxInputBytes = 10_000, ResultBudget = budget });
                long taken = 0, sent = 0, sentBytes = 0, waiting = 0, waitingBytes = 0;
                foreach (var (action, amount) in steps)
                {
                    switch (action % 4)
                    {
                        case 0:
                            var room = Math.Min(window.Room, amount);
                            window.Take(room);
                            taken += room;
                            break;
                        case 1 when taken > sent && window.Fits(1, amount):
                            Assert.True(sent == 0 || sentBytes + amount <= 10_000);
                            window.Send(1, amount);
                            sent++;
                            sentBytes += amount;
                            break;
                        case 2 when sent > 0:
                            window.Answer(sent, sentBytes, amount * sent);
                            (taken, waiting, waitingBytes) = (taken - sent, waiting + sent, waitingBytes + (amount * sent));
                            (sent, sentBytes) = (0, 0);
                            break;
                        case 3:
                            window.Consume(waiting, waitingBytes);
                            (waiting, waitingBytes) = (0, 0);
                            break;
                    }

                    Assert.Equal(waitingBytes >= budget, window.IsFull);
                    Assert.True(window.Room >= 0);
                    Assert.True(taken + waiting <= 1 << 17);

                    // Nothing is on its way and nothing waits to be consumed: the next item must be allowed.
                    Assert.True(taken + waiting > 0 || window.Room > 0);
                }
            }).QuickCheckThrowOnFailure();
    }

    private static long Drain(InFlightWindow window)
    {
        var room = window.Room;
        window.Take(room);
        window.Send(room, 0);
        return room;
    }
}
