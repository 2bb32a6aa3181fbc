using System.Net.Sockets;
using Cluster.Protocol.Frames;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Worker.Objects;

/// <summary>A call of <c>Objects.Session</c> that the node makes for this worker: a connection to the node, and frames on it.</summary>
internal sealed class ObjectCall : IClientStreamWriter<ObjectRequests>, IAsyncStreamReader<ObjectReplies>, IDisposable
{
    private readonly string _path;
    private readonly string _key;
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly TaskCompletionSource<FrameReader<ToWorker>> _reader = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration _cancellation;
    private FrameWriter? _writer;

    public ObjectCall(string path, string key, CancellationToken cancellationToken)
    {
        (_path, _key) = (path, key);
        _cancellation = cancellationToken.UnsafeRegister(static call => ((ObjectCall)call!).Dispose(), this);
    }

    public WriteOptions? WriteOptions { get; set; }

    public ObjectReplies Current { get; private set; } = new();

    /// <summary>How the call ended, once it has.</summary>
    public Status Status { get; private set; }

    public Task WriteAsync(ObjectRequests message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(ObjectRequests message, CancellationToken cancellationToken)
    {
        try
        {
            _writer ??= await ConnectAsync(cancellationToken).ConfigureAwait(false);
            _writer.Write(new FromWorker { ObjectRequests = message });
            await _writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            _reader.TrySetException(Gone(exception));
            throw Gone(exception);
        }
    }

    public Task CompleteAsync() => Task.CompletedTask;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        Frame<ToWorker>? frame;
        try
        {
            var reader = await _reader.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            frame = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or MalformedFrameException)
        {
            throw Gone(exception);
        }

        switch (frame?.Header)
        {
            case { ObjectReplies: { } replies }:
                Current = replies;
                return true;
            case { ObjectsEnded: { StatusCode: 0 } }:
                return false;
            case { ObjectsEnded: { } ended }:
                Status = new Status((StatusCode)ended.StatusCode, ended.Detail);
                throw new RpcException(Status);
            default:
                throw Gone(null);
        }
    }

    public void Dispose()
    {
        _cancellation.Unregister();
        _socket.Dispose();
        _reader.TrySetException(Gone(null));
        _ = _reader.Task.Exception;
    }

    private async Task<FrameWriter> ConnectAsync(CancellationToken cancellationToken)
    {
        await _socket.ConnectAsync(new UnixDomainSocketEndPoint(_path), cancellationToken).ConfigureAwait(false);
        var stream = new NetworkStream(_socket);
        var writer = new FrameWriter(FrameLink.Writer(stream));
        writer.Write(new FromWorker { Objects = new WorkerObjects { Key = _key } });
        _reader.TrySetResult(new FrameReader<ToWorker>(FrameLink.Reader(stream), ToWorker.Parser));
        return writer;
    }

    private static RpcException Gone(Exception? exception) => new(new Status(StatusCode.Unavailable, "The way to the coordinator through the node broke.", exception));
}
