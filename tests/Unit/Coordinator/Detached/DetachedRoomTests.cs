using Cluster.Coordinator.Detached;
using Xunit;

namespace Cluster.Unit.Coordinator.Detached;

/// <summary>How much room submitted jobs have, and who makes more.</summary>
public sealed class DetachedRoomTests
{
    [Fact]
    public void Results_count_as_they_come()
    {
        var room = new DetachedRoom(100);
        using var job = new DetachedJob(Submissions.Record("a"));
        room.Add(job, 40);
        Assert.True(room.TryAdd(job, 60));
        Assert.False(room.TryAdd(job, 1));
        Assert.Equal((100L, 100L), (job.Bytes, room.Used));
        room.Remove(job);
        Assert.Equal((0L, 0L), (job.Bytes, room.Used));
    }

    [Fact]
    public void Jobs_that_have_ended_make_room()
    {
        var room = new DetachedRoom(100);
        using var ended = new DetachedJob(Submissions.Record("a"));
        using var runs = new DetachedJob(Submissions.Record("b"));
        room.Add(ended, 80);
        List<long> wanted = [];
        room.MakeRoom = bytes =>
        {
            wanted.Add(bytes);
            room.Remove(ended);
        };
        Assert.True(room.TryAdd(runs, 20));
        Assert.Empty(wanted);
        Assert.True(room.TryAdd(runs, 30));
        Assert.Equal([30L], wanted);
        Assert.Equal((50L, 50L), (runs.Bytes, room.Used));
    }

    [Fact]
    public void What_is_there_is_there_whatever_the_limit_is()
    {
        var room = new DetachedRoom(10);
        using var job = new DetachedJob(Submissions.Record("a"));
        room.Add(job, 40);
        Assert.Equal(40, room.Used);
        Assert.False(room.TryAdd(job, 0));
    }
}
