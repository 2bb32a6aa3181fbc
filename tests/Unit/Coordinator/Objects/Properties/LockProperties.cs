using Cluster.Protocol.V1;
using Cluster.Unit.Coordinator.Objects.Locks;
using Xunit;

namespace Cluster.Unit.Coordinator.Objects.Properties;

/// <summary>A lock as its owners see it, with sessions that come, break off and die.</summary>
public sealed class LockProperties
{
    public static TheoryData<int, ObjectKind> Runs() => [.. from seed in Enumerable.Range(1, 30) from kind in new[] { ObjectKind.Lock, ObjectKind.Rlock } select (seed, kind)];

    [Theory]
    [MemberData(nameof(Runs))]
    public void There_are_never_two_owners_tokens_grow_and_everybody_has_his_turn(int seed, ObjectKind kind)
    {
        var random = new Random(seed);
        using var objects = new ObjectHarness();
        var founder = objects.Session("founder");
        var target = objects.Open(founder, kind, "lock");
        List<ulong> sessions = [];
        // In the order in which they asked.
        List<(ulong Session, ulong Number, bool Forever)> waiting = [];
        (ulong Session, ulong Token)? holder = null;
        var highest = 0UL;
        var seen = 0;
        var turns = 0;

        for (var step = 0; step < 400; step++)
        {
            while (sessions.Count < 4)
            {
                sessions.Add(objects.Session($"s{step}-{sessions.Count}", leaseSeconds: 3));
            }

            var session = sessions[random.Next(sessions.Count)];
            switch (random.Next(12))
            {
                case < 5:
                    var forever = random.Next(2) == 0;
                    var number = objects.Send(session, target, OnLock.Acquire((ulong)step + 1), forever ? null : random.Next(3));
                    waiting.Add((session, number, forever));
                    break;
                case < 9 when holder is { } held:
                    var owner = OwnerOf(objects, held);
                    holder = null;
                    Assert.Null(objects.Ask(held.Session, target, OnLock.Release(owner, held.Token)).Error);
                    break;
                case 9:
                    objects.Pass(random.NextDouble());
                    break;
                case 10 when waiting.Count > 0:
                    var given = waiting[random.Next(waiting.Count)];
                    objects.Ask(given.Session, 0, OnLock.Cancel(given.Number));
                    break;
                case 11 when random.Next(4) == 0:
                    sessions.Remove(session);
                    waiting.RemoveAll(waiter => waiter.Session == session);
                    holder = holder?.Session == session ? null : holder;
                    objects.Close(session);
                    break;
            }

            for (; seen < objects.Sent.Count; seen++)
            {
                var (to, reply) = objects.Sent[seen];
                var index = waiting.FindIndex(waiter => waiter.Session == to && waiter.Number == reply.Number);
                if (index < 0)
                {
                    continue;
                }

                if (reply.LockAcquired is { Token: > 0 } acquired)
                {
                    Assert.Null(holder);
                    Assert.True(acquired.Token > highest);
                    // Whoever asked first is first: those before this one have been told that their time is up.
                    Assert.Equal(0, index);
                    (holder, highest) = ((to, acquired.Token), acquired.Token);
                    turns++;
                }

                waiting.RemoveAt(index);
            }
        }

        while (holder is { } last)
        {
            // Nobody starves: every release hands the lock to the next until nobody is left.
            var before = objects.Sent.Count;
            objects.Ask(last.Session, target, OnLock.Release(OwnerOf(objects, last), last.Token));
            var next = objects.Sent.Skip(before).FirstOrDefault(sent => sent.Reply.LockAcquired is { Token: > 0 });
            waiting.RemoveAll(waiter => next.Reply is not null && waiter.Session == next.Session && waiter.Number == next.Reply.Number);
            holder = next.Reply is null ? null : (next.Session, next.Reply.LockAcquired.Token);
        }

        Assert.Empty(waiting);
        Assert.InRange(turns, 20, 400);
    }

    // The step in which it was acquired, which the reentrant lock has to be told.
    private static ulong OwnerOf(ObjectHarness objects, (ulong Session, ulong Token) held) =>
        objects.Machine.Save().Single(record => record.Object is { Lock.Session: > 0 } found && found.Lock.Token == held.Token).Object.Lock.Owner;
}
