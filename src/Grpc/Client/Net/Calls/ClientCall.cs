using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Wire;

namespace Grpc.Net.Client.Calls;

/// <summary>
/// One call. Its result is set once, by whatever ends it first: the server's status, a deadline, a cancellation or a failure of the transport. The response is
/// let go of by the end of the call, or by the read that is in progress then: buffers must not be returned under a read.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "It is; the token source owns no timer.")]
internal sealed class ClientCall<TRequest, TResponse> : IAsyncStreamReader<TResponse>, IDisposable
    where TRequest : class
    where TResponse : class
{
    private const int Idle = 0;
    private const int Reading = 1;
    private const int Closed = 2;

    private static readonly Task<bool> True = Task.FromResult(true);

    private readonly GrpcChannel _channel;
    private readonly Method<TRequest, TResponse> _method;
    private readonly string? _host;
    private readonly CallOptions _options;
    private readonly DateTimeOffset? _deadlineTime;
    private readonly CancellationToken _userToken;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly CancellationToken _token;
    private readonly TaskCompletionSource<CallResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private CancellationTokenRegistration _userRegistration;
    private CancellationTokenRegistration _channelRegistration;
    private CallDeadline? _deadline;
    private RequestBody? _body;
    private Task _opened = Task.CompletedTask;
    private HttpResponseMessage? _response;
    private PipeReader? _pipe;
    private MessageReader<TResponse>? _reader;

    private TResponse? _current;
    private Queue<TResponse>? _ahead;
    private volatile bool _settling;

    // Opening counts as reading.
    private int _readState = Reading;

    public ClientCall(GrpcChannel channel, Method<TRequest, TResponse> method, string? host, in CallOptions options)
    {
        ObjectDisposedException.ThrowIf(channel.DisposedToken.IsCancellationRequested, channel);
        _channel = channel;
        _method = method;
        _host = host;
        _token = _cancellation.Token;
        _options = options;
        (_deadlineTime, _userToken) = CallLimits.Of(options);
    }

    public IClientStreamWriter<TRequest>? RequestStream { get; private set; }

    public TResponse Current => _current ?? throw new InvalidOperationException("No message has been read.");

    // Large for streams, where the cost of a segment counts; small for the many short calls, whose responses rarely fill one.
    private int ReadSize => _method.Type is MethodType.ServerStreaming or MethodType.DuplexStreaming ? 64 * 1024 : 16 * 1024;

    private MessageWriter<TRequest> Writer => new(_method.RequestMarshaller, _channel.MaxSendMessageSize);

    private CompressionLevel? Compression => _options.Headers?.GetValue(GrpcHeaders.CompressionRequest) == GzipCodec.Name ? CompressionLevel.Fastest : null;

    public void StartUnary(TRequest request)
    {
        var message = new PooledBuffer();
        bool compress = _options.WriteOptions?.Flags.HasFlag(WriteFlags.NoCompress) != true;
        try
        {
            Writer.Write(request, message, compress ? Compression : null);
        }
        catch (RpcException e)
        {
            message.Dispose();
            Finish(e.Status);
            _ = ExitRead();
            return;
        }

        Start(new UnaryBody(message));
    }

    public void StartStreaming()
    {
        var pump = new RequestPump(_token);
        RequestStream = new RequestStreamWriter<TRequest>(pump, Writer, Compression, SettleAsync, CancelByUser) { WriteOptions = _options.WriteOptions };
        Start(new StreamBody(pump));
    }

    public Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            CancelByUser(cancellationToken);
        }

        if (_settling)
        {
            return ReadSettledAsync();
        }

        // The usual case in a stream: a message is here already. No state machine then.
        if (_reader is { } reader && TryEnterRead())
        {
            ValueTask<bool> read = reader.ReadAsync(_token);
            if (!read.IsCompletedSuccessfully)
            {
                return CompleteReadAsync(read, cancellationToken);
            }

            // The end has trailers, which may be damaged.
            return read.GetAwaiter().GetResult() ? CompleteRead(true) : CompleteReadAsync(ValueTask.FromResult(false), cancellationToken);
        }

        return OpenAndReadAsync(cancellationToken);
    }

    /// <summary>The one response of a call that is no stream of responses.</summary>
    public async Task<TResponse> ReadSingleAsync()
    {
        if (!await MoveNext(CancellationToken.None).ConfigureAwait(false))
        {
            throw new RpcException(new Status(StatusCode.Internal, "The call ended with status OK, but without a response."), GetTrailers());
        }

        TResponse response = Current;
        if (await MoveNext(CancellationToken.None).ConfigureAwait(false))
        {
            Finish(new Status(StatusCode.Internal, "The server sent more than the one response of this method."));
            throw await FailureAsync().ConfigureAwait(false);
        }

        return response;
    }

    public async Task<Metadata> GetResponseHeadersAsync()
    {
        await _opened.ConfigureAwait(false);
        return _response is { } response && ResponseHead.Decide(response) is null
            ? ResponseHead.ToMetadata(response.Headers)
            : throw await FailureAsync().ConfigureAwait(false);
    }

    public Status GetStatus() => KnownResult?.Status ?? throw new InvalidOperationException("The call is not complete: it has no status yet.");

    public Metadata GetTrailers() => KnownResult?.Trailers ?? throw new InvalidOperationException("The call is not complete: it has no trailers yet.");

    /// <summary>Ends the call. One that is not complete is cancelled, and the server is told.</summary>
    public void Dispose() => Finish(new Status(StatusCode.Cancelled, "The call was disposed before it was complete."));

#pragma warning disable VSTHRD002 // Only read when it is complete.
    private CallResult? KnownResult => _result.Task.IsCompleted ? _result.Task.Result : null;
#pragma warning restore VSTHRD002

    private void Start(RequestBody body)
    {
        _body = body;
        TimeSpan? timeout = _deadlineTime - _channel.Time.GetUtcNow();
        if (timeout <= TimeSpan.Zero)
        {
            FinishByDeadline();
        }
        else if (timeout is TimeSpan limit)
        {
            _deadline = new CallDeadline(_channel.Time, limit, FinishByDeadline);
            _deadline.Start();
        }

        _userRegistration = _userToken.UnsafeRegister(static (state, token) => ((ClientCall<TRequest, TResponse>)state!).CancelByUser(token), this);
        _channelRegistration = _channel.DisposedToken.UnsafeRegister(static state => ((ClientCall<TRequest, TResponse>)state!).Dispose(), this);
        if (_result.Task.IsCompleted)
        {
            // It ended while these were being set up, and could not stop what was not there yet.
            StopWatching();
        }

        _opened = OpenAsync(body, timeout);
    }

    private async Task OpenAsync(RequestBody body, TimeSpan? timeout)
    {
        try
        {
            _token.ThrowIfCancellationRequested();
            Metadata? headers = await CallMetadata.WithCredentialsAsync(_channel, _method, _options, _token).ConfigureAwait(false);
            HttpRequestMessage request = RequestFactory.Create(_channel.UriOf(_method), _host, headers, timeout, body);
            _response = await _channel.SendAsync(request, _token).ConfigureAwait(false);
            if (ResponseHead.Decide(_response) is Status status)
            {
                Finish(new CallResult(status, ResponseHead.ToMetadata(_response.Headers)));
            }
            else
            {
                Stream stream = await _response.Content.ReadAsStreamAsync(_token).ConfigureAwait(false);
                _pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: ReadSize, leaveOpen: true));
                _reader = new MessageReader<TResponse>(_pipe, _method.ResponseMarshaller, _channel.MaxReceiveMessageSize, ResponseHead.EncodingOf(_response));
            }
        }
#pragma warning disable CA1031 // Every failure becomes the status of the call.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Finish(CallFailure.ToStatus(e, _channel.Address, _channel.ConnectTimeout));
        }

        _ = ExitRead();
    }

    private async Task<bool> OpenAndReadAsync(CancellationToken cancellationToken)
    {
        using (cancellationToken.UnsafeRegister(static (state, token) => ((ClientCall<TRequest, TResponse>)state!).CancelByUser(token), this))
        {
            await _opened.ConfigureAwait(false);
        }

        if (_reader is { } reader && TryEnterRead())
        {
            return await CompleteReadAsync(reader.ReadAsync(_token), cancellationToken).ConfigureAwait(false);
        }

        if (_settling)
        {
            return await ReadSettledAsync().ConfigureAwait(false);
        }

        return Volatile.Read(ref _readState) == Reading
            ? throw new InvalidOperationException("The previous read is in progress: await it before the next one.")
            : await EndOfStreamAsync().ConfigureAwait(false);
    }

    private Task<bool> CompleteRead(bool found)
    {
        _current = found ? _reader!.Current : _current;
        if (!found)
        {
            Finish(ResponseHead.ResultOf(_response!));
        }

        bool isOpen = ExitRead();
        if (_settling)
        {
            _ = DrainAsync();
        }

        return isOpen && found ? True : EndOfStreamAsync();
    }

    private async Task<bool> CompleteReadAsync(ValueTask<bool> read, CancellationToken cancellationToken)
    {
        Task<bool> completed;
        try
        {
            bool found;
            using (cancellationToken.UnsafeRegister(static (state, token) => ((ClientCall<TRequest, TResponse>)state!).CancelByUser(token), this))
            {
                found = await read.ConfigureAwait(false);
            }

            completed = CompleteRead(found);
        }
#pragma warning disable CA1031 // Every failure becomes the status of the call.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Finish(CallFailure.ToStatus(e, _channel.Address, _channel.ConnectTimeout));
            _ = ExitRead();
            return await EndOfStreamAsync().ConfigureAwait(false);
        }

        return await completed.ConfigureAwait(false);
    }

    /// <summary>
    /// No more can be written, so the server has ended the call or is gone. Its status comes after its messages, which the caller may not be reading: they
    /// are read ahead. That is bounded by the window of the stream, which they have used up already.
    /// </summary>
    private async Task<Exception> SettleAsync()
    {
        if (!_result.Task.IsCompleted)
        {
            _settling = true;
            await _opened.ConfigureAwait(false);
            _ = DrainAsync();
        }

        return await FailureAsync().ConfigureAwait(false);
    }

    // When a read of the caller is in progress, its end comes here again.
    private async Task DrainAsync()
    {
        if (_reader is not { } reader || !TryEnterRead())
        {
            return;
        }

        CallResult result;
        try
        {
            while (await reader.ReadAsync(_token).ConfigureAwait(false))
            {
                (_ahead ??= []).Enqueue(reader.Current!);
            }

            result = ResponseHead.ResultOf(_response!);
        }
#pragma warning disable CA1031 // Every failure becomes the status of the call.
        catch (Exception e)
#pragma warning restore CA1031
        {
            result = new CallResult(CallFailure.ToStatus(e, _channel.Address, _channel.ConnectTimeout), []);
        }

        Finish(result);
        _ = ExitRead();
    }

    private async Task<bool> ReadSettledAsync()
    {
        await _result.Task.ConfigureAwait(false);
        if (_ahead is null || !_ahead.TryDequeue(out _current))
        {
            return await EndOfStreamAsync().ConfigureAwait(false);
        }

        return true;
    }

    private async Task<bool> EndOfStreamAsync()
    {
        CallResult result = await _result.Task.ConfigureAwait(false);
        return result.Status.StatusCode == StatusCode.OK ? false : throw ToException(result);
    }

    private bool TryEnterRead() => Interlocked.CompareExchange(ref _readState, Reading, Idle) == Idle;

    /// <summary>False if the call ended meanwhile; the response is let go of then.</summary>
    private bool ExitRead()
    {
        if (Interlocked.CompareExchange(ref _readState, Idle, Reading) == Reading)
        {
            return true;
        }

        CloseResponse();
        return false;
    }

    private void Finish(Status status) => Finish(new CallResult(status, []));

    private void Finish(CallResult result)
    {
        if (!_result.TrySetResult(result))
        {
            return;
        }

        StopWatching();
        _cancellation.Cancel();
        _body?.End();
        if (Interlocked.Exchange(ref _readState, Closed) == Idle)
        {
            CloseResponse();
        }
    }

    private void StopWatching()
    {
        _userRegistration.Dispose();
        _channelRegistration.Dispose();
        _deadline?.Dispose();
    }

    // Also after the last byte was read: HttpClient's stream has a finalizer, which costs more than the call.
    private void CloseResponse()
    {
        _pipe?.Complete();
        _response?.Dispose();
    }

    private async Task<Exception> FailureAsync() => ToException(await _result.Task.ConfigureAwait(false));

    private Exception ToException(CallResult result) =>
        result.Status.StatusCode == StatusCode.Cancelled && _channel.ThrowsOperationCanceled
            ? new OperationCanceledException(result.Status.Detail, result.Status.DebugException, _userToken)
            : new RpcException(result.Status, result.Trailers);

    private void CancelByUser(CancellationToken token) =>
        Finish(new Status(StatusCode.Cancelled, "Call canceled by the client.", new OperationCanceledException(token)));

    private void FinishByDeadline() => Finish(new Status(StatusCode.DeadlineExceeded, $"The deadline of {_deadlineTime:O} passed before {_method.FullName} was complete."));
}
