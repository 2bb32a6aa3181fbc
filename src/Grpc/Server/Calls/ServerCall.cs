using System.IO.Compression;
using Grpc.Core;
using Grpc.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>
/// One call as its service sees it. The call ends once: when the method returns or throws, or when its deadline passes. A deadline that passes during a
/// write sends its status when the write is done: nothing may come between the frames of a message.
/// </summary>
internal sealed class ServerCall(HttpContext httpContext, IMethod method, ServerCallOptions options) : ServerCallContext, IAsyncDisposable
{
    private const int InternalError = 2;
    private const int CancelError = 8;

    private static readonly TimeSpan WriteGrace = TimeSpan.FromSeconds(5);
    private static readonly Status DeadlineExceeded = new(StatusCode.DeadlineExceeded, "Deadline Exceeded");

    private readonly Lock _gate = new();

    // Taken at once: Kestrel uses the request's objects again, and a service may hold on to its context for longer than the call lasts.
    private readonly CancellationToken _aborted = httpContext.RequestAborted;
    private CancellationToken _token = httpContext.RequestAborted;
    private Metadata? _requestHeaders;
    private Metadata? _trailers;
    private Dictionary<object, object>? _userState;
    private CancellationTokenSource? _cancellation;
    private CallDeadline? _deadline;
    private TaskCompletionSource? _written;
    private Task? _end;
    private Status _status = Status.DefaultSuccess;
    private bool _writing;
    private bool _deadlinePassed;

    public HttpContext HttpContext { get; } = httpContext;

    public string? RequestEncoding { get; } = httpContext.Request.Headers[GrpcHeaders.Encoding];

    /// <summary>How responses are compressed, if they are; known when the response has started.</summary>
    public CompressionLevel? Compression { get; private set; }

    protected override string MethodCore => method.FullName;

    protected override string HostCore => HttpContext.Request.Host.Value ?? "";

    protected override string PeerCore => PeerAddress.Of(HttpContext.Connection);

    protected override DateTime DeadlineCore => _deadline?.Time.UtcDateTime ?? DateTime.MaxValue;

    protected override Metadata RequestHeadersCore => _requestHeaders ??= RequestHead.ToMetadata(HttpContext.Request.Headers);

    protected override CancellationToken CancellationTokenCore => _token;

    protected override Metadata ResponseTrailersCore => _trailers ??= [];

    protected override Status StatusCore
    {
        get => _status;
        set => _status = value;
    }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    /// <summary>Whether the client has reset the stream, or is gone.</summary>
    public bool IsAborted => _aborted.IsCancellationRequested;

    protected override AuthContext AuthContextCore => PeerAddress.Authentication(HttpContext.Connection);

    protected override IDictionary<object, object> UserStateCore => _userState ??= [];

    /// <summary>Reads what the headers ask for and starts the clock.</summary>
    /// <exception cref="RpcException">They ask for what is not supported.</exception>
    public void Begin()
    {
        HttpContext.Response.ContentType = GrpcHeaders.ContentType;
        IHeaderDictionary headers = HttpContext.Request.Headers;
        if (RequestEncoding is not (null or GzipCodec.Name or GzipCodec.IdentityName))
        {
            HttpContext.Response.Headers[GrpcHeaders.AcceptEncoding] = GzipCodec.AcceptEncoding;
            throw new RpcException(new Status(StatusCode.Unimplemented, $"The grpc-encoding \"{RequestEncoding}\" is not supported; {GzipCodec.AcceptEncoding} are."));
        }

        if (headers.TryGetValue(GrpcHeaders.Timeout, out Microsoft.Extensions.Primitives.StringValues text))
        {
            if (!TimeoutHeader.TryParse(text, out TimeSpan timeout))
            {
                throw new RpcException(new Status(StatusCode.Internal, $"The header grpc-timeout is \"{text}\": no digits with a unit of H, M, S, m, u or n."));
            }

            _cancellation = CancellationTokenSource.CreateLinkedTokenSource(_aborted);
            _token = _cancellation.Token;
            _deadline = new CallDeadline(options.Time, timeout, OnDeadline);
            _deadline.Start();
        }
    }

    /// <summary>Sends the headers unless they have been sent. Only within a write.</summary>
    public Task StartResponseAsync() => HttpContext.Response.HasStarted ? Task.CompletedTask : StartResponseAsync(Metadata.Empty);

    /// <exception cref="InvalidOperationException">A write is in progress, or the call is complete.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled, or its deadline has passed.</exception>
    public void EnterWrite()
    {
        lock (_gate)
        {
            if (_deadlinePassed || IsAborted)
            {
                throw Cancelled();
            }

            if (_end is not null)
            {
                throw new InvalidOperationException($"Nothing can be written: the call of {method.FullName} is complete.");
            }

            if (_writing)
            {
                throw new InvalidOperationException("The previous write is in progress: await it before the next one.");
            }

            _writing = true;
        }
    }

    public void ExitWrite()
    {
        lock (_gate)
        {
            _writing = false;
            _written?.TrySetResult();
            if (_deadlinePassed)
            {
                _end ??= SendDeadlineExceededAsync();
            }
        }
    }

    /// <summary>Ends the call, unless its deadline has. A write that the service has left behind is waited for, and no other one begins.</summary>
    public Task EndAsync(Status status, Metadata trailers)
    {
        lock (_gate)
        {
            if (_end is null && _writing)
            {
                _written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return _end ??= SendWhenWrittenAsync(_deadlinePassed ? DeadlineExceeded : status, trailers);
        }
    }

    /// <summary>Ends the call with the status that an exception means.</summary>
    public Task EndAsync(Exception exception)
    {
        if (exception is not (RpcException or OperationCanceledException) && !IsAborted)
        {
            options.Logger.MethodFailed(method.FullName, exception);
        }

        (Status status, Metadata trailers) = ServerFailure.ToStatus(exception, options.Service.EnableDetailedErrors == true);
        if (_trailers is null)
        {
            return EndAsync(status, trailers);
        }

        foreach (Metadata.Entry entry in trailers)
        {
            _trailers.Add(entry);
        }

        return EndAsync(status, _trailers);
    }

    /// <summary>What a read or a write of a call throws that is over.</summary>
    public OperationCanceledException Cancelled(Exception? cause = null) => new(
        _deadlinePassed ? $"The deadline of {method.FullName} has passed." : $"The call of {method.FullName} was cancelled.",
        cause,
        CancellationToken);

    /// <summary>Ends the stream at once: what was sent cannot be completed.</summary>
    public void Reset() => HttpContext.Features.Get<IHttpResetFeature>()?.Reset(InternalError);

    /// <summary>Ends the stream at once: the service wants no more of it.</summary>
    public void Cancel() => HttpContext.Features.Get<IHttpResetFeature>()?.Reset(CancelError);

    public async ValueTask DisposeAsync()
    {
        if (_deadline is not null)
        {
            await _deadline.DisposeAsync();
        }

        _cancellation?.Dispose();
    }

    protected override async Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        ArgumentNullException.ThrowIfNull(responseHeaders);
        EnterWrite();
        try
        {
            if (HttpContext.Response.HasStarted)
            {
                throw new InvalidOperationException("The response headers have been sent; they can be sent once, before the first response.");
            }

            await StartResponseAsync(responseHeaders);
            await HttpContext.Response.BodyWriter.FlushAsync();
        }
        finally
        {
            ExitWrite();
        }
    }

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) => new CallPropagationToken(
        options?.IsPropagateDeadline == false ? null : _deadline?.Time,
        options?.IsPropagateCancellation == false ? CancellationToken.None : CancellationToken);

    private Task StartResponseAsync(Metadata metadata)
    {
        HttpResponse response = HttpContext.Response;
        string? wanted = metadata.GetValue(GrpcHeaders.CompressionRequest) ?? options.Service.ResponseCompressionAlgorithm;
        if (wanted == GzipCodec.Name && RequestHead.AcceptsGzip(HttpContext.Request.Headers))
        {
            Compression = options.Service.ResponseCompressionLevel ?? CompressionLevel.Fastest;
            response.Headers[GrpcHeaders.Encoding] = GzipCodec.Name;
        }

        foreach (Metadata.Entry entry in metadata)
        {
            if (!GrpcHeaders.IsReserved(entry.Key))
            {
                response.Headers.Append(entry.Key, MetadataCodec.Encode(entry));
            }
        }

        return response.StartAsync();
    }

    private void OnDeadline()
    {
        lock (_gate)
        {
            if (_end is not null)
            {
                return;
            }

            if (_deadlinePassed)
            {
                // The write has not ended all the grace: its reader takes nothing, so no status would reach it either.
                Cancel();
                return;
            }

            _deadlinePassed = true;
            if (_writing)
            {
                _deadline!.Extend(WriteGrace);
            }
            else
            {
                _end = SendDeadlineExceededAsync();
            }
        }

        options.Logger.DeadlineExceeded(method.FullName);
        _cancellation!.Cancel();
    }

    private Task SendDeadlineExceededAsync() => SendAsync(DeadlineExceeded, _trailers ?? Metadata.Empty, complete: true);

    private async Task SendWhenWrittenAsync(Status status, Metadata trailers)
    {
        if (_written is { } written)
        {
            await written.Task;
        }

        await SendAsync(status, trailers, complete: false);
    }

    private async Task SendAsync(Status status, Metadata trailers, bool complete)
    {
        if (IsAborted)
        {
            return;
        }

        if (status.StatusCode != StatusCode.OK)
        {
            options.Logger.CallEnded(method.FullName, status.StatusCode.ToString());
        }

        try
        {
            ResponseEnd.Set(HttpContext.Response, status, trailers);
            if (complete)
            {
                // The method runs on until it notices; its caller need not wait for that.
                await HttpContext.Response.CompleteAsync();
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or OperationCanceledException)
        {
            // The connection went while this was written, or the response is in a state that takes no status: a reset tells the caller that there is none.
            options.Logger.StatusNotSent(method.FullName, e);
            Reset();
        }
    }
}
