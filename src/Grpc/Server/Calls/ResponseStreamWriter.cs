using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Wire;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>The responses of a call.</summary>
internal sealed class ResponseStreamWriter<TResponse>(ServerCall call, MessageWriter<TResponse> writer) : IServerStreamWriter<TResponse>
    where TResponse : class
{
    public WriteOptions? WriteOptions
    {
        get => call.WriteOptions;
        set => call.WriteOptions = value;
    }

    public Task WriteAsync(TResponse message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(TResponse message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        cancellationToken.ThrowIfCancellationRequested();
        call.EnterWrite();
        bool entered = true;
        try
        {
            Task started = call.StartResponseAsync();
            if (!started.IsCompletedSuccessfully)
            {
                entered = false;
                return StartAndWriteAsync(started, message, cancellationToken);
            }

            ValueTask<FlushResult> flush = Write(message);
            if (flush.IsCompletedSuccessfully)
            {
                _ = flush.GetAwaiter().GetResult();
                return Task.CompletedTask;
            }

            entered = false;
            return FlushAsync(flush, cancellationToken);
        }
        finally
        {
            if (entered)
            {
                call.ExitWrite();
            }
        }
    }

    private ValueTask<FlushResult> Write(TResponse message)
    {
        WriteFlags flags = call.WriteOptions?.Flags ?? WriteFlags.None;
        PipeWriter pipe = call.HttpContext.Response.BodyWriter;
        try
        {
            writer.Write(message, pipe, flags.HasFlag(WriteFlags.NoCompress) ? null : call.Compression);
        }
        catch (RpcException) when (writer.IsTorn)
        {
            call.Reset();
            throw;
        }

        return flags.HasFlag(WriteFlags.BufferHint) && pipe.UnflushedBytes < 64 * 1024 ? default : pipe.FlushAsync(CancellationToken.None);
    }

    private async Task StartAndWriteAsync(Task started, TResponse message, CancellationToken cancellationToken)
    {
        ValueTask<FlushResult> flush;
        try
        {
            await started;
            flush = Write(message);
        }
        catch
        {
            call.ExitWrite();
            throw;
        }

        await FlushAsync(flush, cancellationToken);
    }

    // A token given to Kestrel's flush would reset the stream with INTERNAL_ERROR; resetting it here says CANCEL.
    private async Task FlushAsync(ValueTask<FlushResult> flush, CancellationToken cancellationToken)
    {
        try
        {
            using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(static state => ((ServerCall)state!).Cancel(), call);
            await flush;
        }
        finally
        {
            call.ExitWrite();
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (call.IsAborted)
        {
            throw call.Cancelled();
        }
    }
}
