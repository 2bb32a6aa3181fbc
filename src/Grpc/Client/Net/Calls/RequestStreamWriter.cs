using System.IO.Compression;
using Grpc.Core;
using Grpc.Wire;

namespace Grpc.Net.Client.Calls;

/// <summary>The requests of a call.</summary>
internal sealed class RequestStreamWriter<TRequest>(
    RequestPump pump,
    MessageWriter<TRequest> writer,
    CompressionLevel? compression,
    Func<Task<Exception>> failure,
    Action<CancellationToken> cancel) : IClientStreamWriter<TRequest>
{
    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(TRequest message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(TRequest message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (cancellationToken.IsCancellationRequested)
        {
            cancel(cancellationToken);
        }

        WriteFlags flags = WriteOptions?.Flags ?? WriteFlags.None;
        Task<bool> written;
        try
        {
            written = pump.WriteAsync(
                static (buffer, state) => state.writer.Write(state.message, buffer, state.compression),
                (writer, message, compression: flags.HasFlag(WriteFlags.NoCompress) ? null : compression),
                mayWait: flags.HasFlag(WriteFlags.BufferHint));
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            return Task.FromException(e);
        }

        return written.IsCompletedSuccessfully && WasWritten(written) ? Task.CompletedTask : WaitAsync(written, cancellationToken);
    }

    // Does not wait for what is gathered: whether it arrived is for the response to say, which the caller may only begin to read now.
    public Task CompleteAsync()
    {
        pump.Complete();
        return Task.CompletedTask;
    }

#pragma warning disable VSTHRD002 // Only called on a completed task.
    private static bool WasWritten(Task<bool> written) => written.Result;
#pragma warning restore VSTHRD002

    private async Task WaitAsync(Task<bool> written, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((Action<CancellationToken>)state!)(token), cancel);
        if (!await written.ConfigureAwait(false))
        {
            throw await failure().ConfigureAwait(false);
        }
    }
}
