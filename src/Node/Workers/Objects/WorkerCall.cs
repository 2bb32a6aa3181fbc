using Cluster.Node.Telemetry;
using Cluster.Protocol.Frames;
using Cluster.Protocol.Sessions;
using Cluster.Protocol.V1;
using Grpc.Core;
using Case = Cluster.Protocol.V1.ObjectRequest.OperationOneofCase;
using ObjectsClient = Cluster.Protocol.V1.Objects.ObjectsClient;

namespace Cluster.Node.Workers.Objects;

/// <summary>One connection of a worker, and the call to the coordinator that the node makes for it.</summary>
internal sealed class WorkerCall : IDisposable
{
    /// <summary>For a goodbye to reach the coordinator.</summary>
    private static readonly TimeSpan GoodbyeTime = TimeSpan.FromSeconds(2);

    private readonly Stream _stream;
    private readonly FrameReader<FromWorker> _reader;
    private readonly FrameWriter _writer;
    private readonly NodeWatches _watches;
    private readonly WatchingWorker _worker;
    private readonly CancellationTokenSource _ending;
    private readonly AsyncDuplexStreamingCall<ObjectRequests, ObjectReplies> _call;
    private readonly TaskCompletionSource _allWritten = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ToWorker? _last;
    private string _incarnation = "";
    private Wakes _wakes;

    public WorkerCall(Stream stream, FrameReader<FromWorker> reader, ObjectsClient coordinator, Metadata headers, NodeWatches watches, CancellationToken cancellationToken)
    {
        (_stream, _reader, _watches) = (stream, reader, watches);
        _writer = new FrameWriter(FrameLink.Writer(stream));
        _ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _call = coordinator.Session(headers, cancellationToken: _ending.Token);
        _worker = new WatchingWorker(() => _ = WriteOrLeaveAsync(), GiveUp);
    }

    /// <summary>Passes on what worker and coordinator say until either is gone. A worker that is gone loses at once what it held.</summary>
    public async Task RunAsync()
    {
        var asking = AskAsync();
        try
        {
            await AnswerAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (IsBreak(exception))
        {
            // The worker is gone; who asks for it sees that too, and says goodbye.
        }

        _watches.Leave(_worker);
        await _stream.DisposeAsync().ConfigureAwait(false);
        await asking.ConfigureAwait(false);
    }

    public void Dispose()
    {
        _call.Dispose();
        _ending.Dispose();
    }

    private static bool IsBreak(Exception exception) => exception is IOException or ObjectDisposedException or OperationCanceledException;

    private async Task AnswerAsync()
    {
        var ended = new WorkerObjectsEnded();
        try
        {
            while (await _call.ResponseStream.MoveNext(_ending.Token).ConfigureAwait(false))
            {
                await PassAsync(_call.ResponseStream.Current).ConfigureAwait(false);
            }
        }
        catch (RpcException exception)
        {
            ended = new WorkerObjectsEnded { StatusCode = (int)exception.StatusCode, Detail = exception.Status.Detail };
        }

        _watches.Leave(_worker);
        Volatile.Write(ref _last, new ToWorker { ObjectsEnded = ended });
        await WriteAsync().ConfigureAwait(false);
        await _allWritten.Task.WaitAsync(_ending.Token).ConfigureAwait(false);
    }

    private async ValueTask PassAsync(ObjectReplies message)
    {
        if (message.Welcome is { } welcome)
        {
            Volatile.Write(ref _incarnation, welcome.Incarnation);
        }

        if (!_worker.IsFed)
        {
            _worker.Replies.Add(message);
        }
        else
        {
            foreach (var reply in message.Replies)
            {
                while (!_watches.TryPass(_worker, reply))
                {
                    await WriteAsync().ConfigureAwait(false);
                    await _watches.ReachAsync(reply.Revision, _ending.Token).ConfigureAwait(false);
                }
            }
        }

        await WriteAsync().ConfigureAwait(false);
        await _worker.Replies.WaitForRoomAsync(_ending.Token).ConfigureAwait(false);
    }

    // Writes what waits, unless somebody is at it, who then looks again.
    private async ValueTask WriteAsync()
    {
        if (!_wakes.Add())
        {
            return;
        }

        int seen;
        do
        {
            seen = _wakes.Seen;
            while (_worker.Replies.TryTake(out var message))
            {
                _writer.Write(new ToWorker { ObjectReplies = message });
                await _writer.FlushAsync(_ending.Token).ConfigureAwait(false);
            }

            if (Interlocked.Exchange(ref _last, null) is { } last)
            {
                _writer.Write(last);
                await _writer.FlushAsync(_ending.Token).ConfigureAwait(false);
                _allWritten.TrySetResult();
            }
        }
        while (_wakes.HasMore(seen));
    }

    private async Task WriteOrLeaveAsync()
    {
        try
        {
            await WriteAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (IsBreak(exception))
        {
            // Who asks for it sees that it is gone, and says goodbye.
            _watches.Leave(_worker);
        }
    }

    // Its session goes on: the worker comes back to it.
    private void GiveUp()
    {
        try
        {
            _ = _ending.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It is over already.
        }
    }

    private async Task AskAsync()
    {
        try
        {
            while (await NextAsync().ConfigureAwait(false) is { } requests)
            {
                NodeMetrics.Asked(requests.Requests.Count);
                await LookForWatchesAsync(requests).ConfigureAwait(false);
                await _call.RequestStream.WriteAsync(requests).ConfigureAwait(false);
            }

            _ending.CancelAfter(GoodbyeTime);
            await _call.RequestStream.WriteAsync(new ObjectRequests { Bye = true }).ConfigureAwait(false);
            await _call.RequestStream.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException or OperationCanceledException or IOException)
        {
            // The call is over, and the worker has been told how it ended.
        }
    }

    private async ValueTask LookForWatchesAsync(ObjectRequests requests)
    {
        for (var i = 0; i < requests.Requests.Count; i++)
        {
            var request = requests.Requests[i];
            if (request.OperationCase == Case.Cancel)
            {
                _watches.Cancel(_worker, request.Cancel.Request);
            }
            else if (request is { OperationCase: Case.DictWatch, Object: > 0, DictWatch.Once: false }
                && !await _watches.FeedAsync(_worker, request, Volatile.Read(ref _incarnation), _ending.Token).ConfigureAwait(false))
            {
                requests.Requests.RemoveAt(i--);
            }
        }
    }

    // Null: the worker is gone, whether it closed its end or was killed.
    private async ValueTask<ObjectRequests?> NextAsync()
    {
        try
        {
            return (await _reader.ReadAsync(_ending.Token).ConfigureAwait(false))?.Header.ObjectRequests;
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or MalformedFrameException)
        {
            return null;
        }
    }
}
