using Cluster.Protocol;
using Cluster.Protocol.V1;
using Cluster.TestKit.Coordinator;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using ObjectsClient = Cluster.Protocol.V1.Objects.ObjectsClient;

namespace Cluster.Unit.Coordinator.Hosted;

/// <summary>A session with the shared objects, as a client has it that numbers its requests by hand.</summary>
internal sealed class ObjectStream : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly AsyncDuplexStreamingCall<ObjectRequests, ObjectReplies> _call;
    private readonly CancellationToken _deadline;
    private readonly Queue<ObjectReply> _replies = new();

    private ObjectStream(string address, CancellationToken deadline)
    {
        _deadline = deadline;
        _channel = TestChannel.Open(address);
        _call = new ObjectsClient(_channel).Session(cancellationToken: deadline);
    }

    public ObjectsWelcome Welcome { get; private set; } = null!;

    public static async Task<ObjectStream> OpenAsync(string address, CancellationToken deadline, string token = "", double? lease = null)
    {
        var hello = new ObjectsHello { ProtocolVersion = ProtocolVersion.Current, Token = token, Lease = lease is null ? null : Duration.FromTimeSpan(TimeSpan.FromSeconds(lease.Value)) };
        return await OpenAsync(address, new ObjectRequests { Hello = hello }, deadline);
    }

    public static async Task<ObjectStream> OpenAsync(string address, ObjectRequests first, CancellationToken deadline)
    {
        var stream = new ObjectStream(address, deadline);
        try
        {
            await stream.SendAsync(first);
            await stream._call.ResponseStream.MoveNext(deadline);
            stream.Welcome = stream._call.ResponseStream.Current.Welcome;
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    public Task SendAsync(ObjectRequests message) => _call.RequestStream.WriteAsync(message, _deadline);

    public Task SendAsync(params ObjectRequest[] requests) => SendAsync(new ObjectRequests { Requests = { requests } });

    /// <summary>The next reply, to whichever request.</summary>
    public async Task<ObjectReply> ReceiveAsync()
    {
        while (_replies.Count == 0)
        {
            if (!await _call.ResponseStream.MoveNext(_deadline))
            {
                throw new EndOfStreamException();
            }

            foreach (var reply in _call.ResponseStream.Current.Replies)
            {
                _replies.Enqueue(reply);
            }
        }

        return _replies.Dequeue();
    }

    public async Task<ObjectReply> AskAsync(ObjectRequest request)
    {
        await SendAsync(request);
        return await ReceiveAsync();
    }

    public async Task<ulong> OpenAsync(ulong number, ObjectKind kind, string name) =>
        (await AskAsync(new ObjectRequest { Number = number, Open = new ObjectOpen { Kind = kind, Name = name } })).Opened.Object;

    /// <summary>Breaks the call off.</summary>
    public void Dispose()
    {
        _call.Dispose();
        _channel.Dispose();
    }
}
