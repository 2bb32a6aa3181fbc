using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Coordinator.Sharing;

/// <summary>
/// One session for all ad-hoc callers whose requests are answered at once, with one reply each: a session for every call would be written to the journal. It holds nothing. Those
/// who only read have another, which is never written down: a full disk does not keep them out.
/// </summary>
internal sealed class AdHocSession : IAsyncStreamWriter<ObjectReplies>
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, TaskCompletionSource<ObjectReply>> _asked = [];
    private readonly ObjectLoop _loop;
    private readonly ObjectConnection _connection;
    private readonly bool _isReader;
    private Task? _opening;
    private ulong _last;
    private ulong _floor = 1;

    /// <param name="loop">The shared objects.</param>
    /// <param name="isReader">It only reads.</param>
    public AdHocSession(ObjectLoop loop, bool isReader)
    {
        (_loop, _isReader) = (loop, isReader);
        _connection = new ObjectConnection(this);
    }

    public WriteOptions? WriteOptions { get; set; }

    /// <summary>Has a request answered.</summary>
    /// <exception cref="RpcException">The session cannot be opened; the next call tries again.</exception>
    public async Task<ObjectReply> AskAsync(ObjectRequest request, CancellationToken cancellationToken)
    {
        await OpenAsync().WaitAsync(cancellationToken);
        var answer = new TaskCompletionSource<ObjectReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            request.Number = ++_last;
            _asked.Add(_last, answer);

            // In the order of the numbers, and so within the lock.
            _loop.Receive(_connection, new ObjectRequests { Acknowledged = _floor, Requests = { request } });
        }

        return await answer.Task.WaitAsync(cancellationToken);
    }

    /// <summary>For the connection: what it sends.</summary>
    public Task WriteAsync(ObjectReplies message)
    {
        foreach (var reply in message.Replies)
        {
            TaskCompletionSource<ObjectReply>? answer;
            lock (_gate)
            {
                _asked.Remove(reply.Number, out answer);
                while (_floor <= _last && !_asked.ContainsKey(_floor))
                {
                    _floor++;
                }
            }

            answer?.TrySetResult(reply);
        }

        return Task.CompletedTask;
    }

    private Task OpenAsync()
    {
        lock (_gate)
        {
            if (_opening is null or { IsFaulted: true })
            {
                _opening = _isReader ? ConnectReader() : _loop.ConnectAsync(_connection, new ObjectsHello { Name = "ad-hoc callers" }, Lease);
            }

            return _opening;
        }
    }

    private Task ConnectReader()
    {
        _loop.ConnectReader(_connection);
        return Task.CompletedTask;
    }
}
