using Cluster.Node.Workers.Objects;
using Cluster.Protocol.V1;
using Xunit;

namespace Cluster.Unit.Node.Objects;

/// <summary>A worker of a <see cref="FanHarness"/>, and its client, which knows what it has to be told.</summary>
internal sealed class FannedWorker
{
    private readonly FanHarness _harness;
    private readonly Dictionary<ulong, Watched> _watches = [];
    private readonly HashSet<ulong> _cancelled = [];

    public FannedWorker(FanHarness harness, ulong session)
    {
        (_harness, Session) = (harness, session);
        Worker = new WatchingWorker(static () => { }, () => IsGivenUp = true);
    }

    public WatchingWorker Worker { get; }

    public ulong Session { get; }

    /// <summary>Replies of its own session that are on their way.</summary>
    public Queue<ObjectReply> Coming { get; } = new();

    /// <summary>A watch that the node does not stand for yet: later requests wait for it.</summary>
    public (NodeWatch Source, ObjectRequest Request)? Held { get; set; }

    public bool IsGivenUp { get; private set; }

    public int Changes { get; private set; }

    public IEnumerable<ulong> Watches => _watches.Keys;

    /// <summary>The client asks for a watch.</summary>
    public void Expect(ulong number, ulong dict, ulong from, bool content) => _watches[number] = new Watched { Dict = dict, From = from, IsContent = content };

    /// <summary>The client calls a watch off.</summary>
    public void Forget(ulong number)
    {
        _watches.Remove(number);
        _cancelled.Add(number);
    }

    /// <summary>The client reads what there is.</summary>
    public void Read()
    {
        while (Worker.Replies.TryTake(out var message))
        {
            foreach (var reply in message.Replies)
            {
                Read(reply);
            }
        }
    }

    /// <summary>Nothing is on its way any more: all has been told.</summary>
    public void AssertUpToDate()
    {
        foreach (var watch in _watches.Values)
        {
            Assert.True(watch.IsStanding);
            AssertTold(watch, _harness.Revision);
        }
    }

    private void Read(ObjectReply reply)
    {
        if (!_watches.TryGetValue(reply.Number, out var watch))
        {
            // Everything that has happened before a reply has been told before it.
            foreach (var standing in _cancelled.Contains(reply.Number) ? [] : _watches.Values.Where(static each => each.IsStanding))
            {
                AssertTold(standing, reply.Revision);
            }

            return;
        }

        if (reply.Error is { } error)
        {
            Assert.Equal(ObjectErrorCode.Deleted, error.Code);
            Assert.DoesNotContain(watch.Dict, _harness.Dictionaries);
            _watches.Remove(reply.Number);
            return;
        }

        var news = reply.DictChanges;
        Changes += news.Changes.Count;
        if (!watch.IsStanding)
        {
            // From now on, or after the content.
            watch.From = watch.IsContent || news.Snapshot || watch.From == 0 ? reply.Revision + 1 : watch.From;
            watch.IsStanding = !news.More;
        }

        watch.Told.AddRange(news.Snapshot ? [] : news.Changes.Select(static change => change.Revision));
        AssertTold(watch, news is { More: true, Changes: [.., var last] } ? last.Revision : reply.Revision);
    }

    private void AssertTold(Watched watch, ulong upTo) =>
        Assert.Equal(_harness.Log.Where(entry => entry.Dict == watch.Dict && entry.Revision >= watch.From && entry.Revision <= upTo).Select(static entry => entry.Revision), watch.Told.Where(revision => revision <= upTo));

    private sealed class Watched
    {
        public ulong Dict { get; init; }

        public ulong From { get; set; }

        public bool IsContent { get; init; }

        public bool IsStanding { get; set; }

        public List<ulong> Told { get; } = [];
    }
}
