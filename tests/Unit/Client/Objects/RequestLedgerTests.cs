using Cluster.Client.Objects.Sessions;
using Cluster.Protocol.V1;
using Google.Protobuf;
using Xunit;

namespace Cluster.Unit.Client.Objects;

public sealed class RequestLedgerTests
{
    private readonly RequestLedger _ledger = new();

    [Fact]
    public void Requests_are_numbered_and_sent_together_in_their_order()
    {
        var requests = Enumerable.Range(0, 3).Select(_ => Add()).ToArray();

        Assert.Equal([1ul, 2, 3], Take().Select(static request => request.Number));
        Assert.Equal([1ul, 2, 3], requests.Select(static request => request.Request.Number));
        Assert.False(_ledger.HasToSend);
    }

    [Fact]
    public void A_message_has_its_limit_and_a_large_request_goes_alone()
    {
        Add(bytes: 400 << 10);
        Add(bytes: 400 << 10);
        Add(bytes: 1 << 20);
        Add();

        Assert.Equal([1ul], Take().Select(static request => request.Number));
        Assert.Equal([2ul], Take().Select(static request => request.Number));
        Assert.Equal([3ul], Take().Select(static request => request.Number));
        Assert.Equal([4ul], Take().Select(static request => request.Number));
        Assert.Empty(Take());
    }

    [Fact]
    public void What_was_received_is_known_up_to_the_first_gap()
    {
        var requests = Enumerable.Range(0, 4).Select(_ => Add()).ToArray();
        _ledger.Settle(requests[2]);
        Assert.Equal(1ul, _ledger.Floor);
        _ledger.Settle(requests[0]);
        Assert.Equal(2ul, _ledger.Floor);
        _ledger.Settle(requests[1]);
        Assert.Equal(4ul, _ledger.Floor);
        _ledger.Settle(requests[3]);
        Assert.Equal((5ul, 0), (_ledger.Floor, _ledger.Count));
    }

    [Fact]
    public void What_was_received_beyond_a_gap_is_told_once_and_after_a_break_again()
    {
        var requests = Enumerable.Range(0, 8).Select(_ => Add()).ToArray();
        Take();
        _ledger.Settle(requests[1]);
        _ledger.Settle(requests[2]);
        _ledger.Settle(requests[4]);
        Assert.Equal(3ul, _ledger.Unacknowledged);
        Assert.Equal((1ul, ""), Acknowledge(beyond: false));
        Assert.Equal((1ul, "2-3 5-5"), Acknowledge(beyond: true));
        Assert.Equal(0ul, _ledger.Unacknowledged);
        _ledger.Settle(requests[3]);
        Assert.Equal((1ul, "4-4"), Acknowledge(beyond: true));

        _ledger.Rewind();
        Assert.Equal((1ul, "2-5"), Acknowledge(beyond: true));
        _ledger.Settle(requests[6]);
        _ledger.Settle(requests[0]);
        Assert.Equal((6ul, "7-7"), Acknowledge(beyond: true));
        _ledger.Settle(requests[5]);
        Assert.Equal((8ul, ""), Acknowledge(beyond: true));
        _ledger.Clear();
        Assert.Equal((1ul, ""), Acknowledge(beyond: true));

        (ulong Below, string Received) Acknowledge(bool beyond)
        {
            var message = new ObjectRequests();
            _ledger.Acknowledge(message, beyond);
            return (message.Acknowledged, string.Join(' ', message.Received.Select(static range => $"{range.First}-{range.Last}")));
        }
    }

    [Fact]
    public void Large_replies_are_acknowledged_sooner()
    {
        var requests = Enumerable.Range(0, 8).Select(_ => Add()).ToArray();
        for (var i = 0; i < 4; i++)
        {
            Assert.False(_ledger.IsAcknowledgementDue);
            _ledger.Settle(requests[i]);
            _ledger.Weigh(new ObjectReply { Value = new Payload { Data = ByteString.CopyFrom(new byte[300 << 10]) } });
        }

        Assert.True(_ledger.IsAcknowledgementDue);
        _ledger.Acknowledge(new ObjectRequests(), beyond: true);
        Assert.False(_ledger.IsAcknowledgementDue);
    }

    [Fact]
    public void After_a_break_all_without_a_reply_are_sent_again_under_their_numbers()
    {
        var requests = Enumerable.Range(0, 4).Select(_ => Add()).ToArray();
        Take();
        _ledger.Settle(requests[1]);
        var later = Add();

        _ledger.Rewind();

        Assert.Equal([1ul, 3, 4, 5], Take().Select(static request => request.Number));
        Assert.Equal([1, 1, 1, 0], new[] { requests[0], requests[2], requests[3], later }.Select(static request => request.Again));
    }

    [Fact]
    public void A_watch_does_not_keep_what_comes_after_it_from_being_acknowledged()
    {
        var watch = AddWatch();
        var later = Add();
        Take();
        _ledger.Settle(later);
        Assert.Equal(1ul, _ledger.Floor);

        watch.Answer(new ObjectReply());
        var last = Add();
        _ledger.Settle(last);

        Assert.Equal((4ul, 1), (_ledger.Floor, _ledger.Count));
    }

    [Fact]
    public void After_a_break_watches_go_first_under_numbers_of_their_own_and_those_that_nobody_wants_are_gone()
    {
        var before = Add();
        var answered = AddWatch();
        var silent = AddWatch();
        var unwanted = AddWatch();
        Take();
        answered.Answer(new ObjectReply());
        unwanted.Answer(new ObjectReply());
        unwanted.IsWantedStill = false;
        var unsent = AddWatch();

        _ledger.Rewind();

        Assert.Equal([6ul, 7, 1, 5], Take().Select(static request => request.Number));
        Assert.Equal([6ul, 7, 5], new[] { answered, silent, unsent }.Select(static watch => watch.Request.Number));
        Assert.Equal([1, 1, 1, 0, 0], new[] { before, answered, silent, unwanted, unsent }.Select(static request => request.Again));
        Assert.Null(_ledger.Find(2));
        Assert.Null(_ledger.Find(4));
        Assert.Equal(4, _ledger.Count);
    }

    [Fact]
    public void What_is_not_ready_holds_up_what_is_behind_it_until_it_is_or_never_will_be()
    {
        Add();
        var waiting = Add();
        waiting.IsReady = false;
        Add();
        Assert.Equal([1ul], Take().Select(static request => request.Number));
        Assert.False(_ledger.HasToSend);

        waiting.IsReady = true;
        Assert.Equal([2ul, 3], Take().Select(static request => request.Number));

        var never = Add();
        never.IsReady = false;
        Add();
        _ledger.Drop([never]);
        Assert.Equal([5ul], Take().Select(static request => request.Number));
        Assert.Null(_ledger.Find(4));
    }

    [Fact]
    public void Another_session_begins_with_number_1()
    {
        var lost = Add();
        Take();

        Assert.Equal([lost], _ledger.Clear());

        Add();
        Assert.Equal([1ul], Take().Select(static request => request.Number));
        Assert.Null(_ledger.Find(2));
        _ledger.Settle(lost);
        Assert.Equal(1, _ledger.Count);
    }

    private RecordingRequest Add(int bytes = 10)
    {
        var value = new Payload { Data = ByteString.CopyFrom(new byte[bytes]) };
        var request = new RecordingRequest(new ObjectRequest { CellSet = new CellSet { Value = value } });
        _ledger.Add(request);
        return request;
    }

    private RecordingRequest AddWatch()
    {
        var request = new RecordingRequest(new ObjectRequest { DictWatch = new DictWatch() });
        _ledger.Add(request);
        return request;
    }

    private List<ObjectRequest> Take()
    {
        List<ObjectRequest> requests = [];
        _ledger.Take(requests);
        return requests;
    }

    private sealed class RecordingRequest(ObjectRequest request) : PendingRequest(request)
    {
        private bool _isAnswered;

        public int Again { get; private set; }

        public bool IsWantedStill { get; set; } = true;

        public override bool IsWatch => Request.DictWatch is not null;

        public override bool IsStanding => IsWatch && _isAnswered;

        public override bool IsWanted => IsWantedStill;

        public override bool Answer(ObjectReply reply) => _isAnswered = true;

        public override void Fail(Exception exception)
        {
        }

        public override void SentAgain() => Again++;
    }
}
