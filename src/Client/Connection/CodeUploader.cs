using System.Collections.Concurrent;
using Cluster.Client.Functions;
using Cluster.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Win32.SafeHandles;

namespace Cluster.Client.Connection;

/// <summary>Sees to it that the coordinator has the code of jobs. Asks once per content hash, and uploads what is missing.</summary>
internal sealed class CodeUploader(Protocol.V1.Functions.FunctionsClient functions, Metadata headers) : IDisposable
{
    private readonly ConcurrentDictionary<ByteString, bool> _there = new();

    // Jobs that start together share most of their code: one of them uploads it.
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Uploads what the coordinator does not have.</summary>
    public async ValueTask EnsureAsync(IReadOnlyList<LocalCodeFile> code, CancellationToken cancellationToken)
    {
        if (IsThere(code))
        {
            return;
        }

        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!IsThere(code))
            {
                await UploadMissingAsync(code, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Asks for nothing: completes when the coordinator answers.</summary>
    public async Task KnockAsync(CancellationToken cancellationToken) =>
        await functions.MissingAsync(new MissingRequest(), headers, cancellationToken: cancellationToken).ConfigureAwait(false);

    /// <summary>The coordinator says that it does not have some of the files after all.</summary>
    /// <returns>Whether it was believed to have any.</returns>
    public bool Forget(IReadOnlyList<LocalCodeFile> code)
    {
        var forgotten = false;
        foreach (var local in code)
        {
            forgotten |= _there.TryRemove(local.File.Sha256, out _);
        }

        return forgotten;
    }

    public void Dispose() => _turn.Dispose();

    private bool IsThere(IReadOnlyList<LocalCodeFile> code)
    {
        foreach (var local in code)
        {
            if (!_there.ContainsKey(local.File.Sha256))
            {
                return false;
            }
        }

        return true;
    }

    private async Task UploadMissingAsync(IReadOnlyList<LocalCodeFile> code, CancellationToken cancellationToken)
    {
        var request = new MissingRequest();
        request.Files.AddRange(code.Select(local => local.File).Where(file => !_there.ContainsKey(file.Sha256)));
        var reply = await functions.MissingAsync(request, headers, cancellationToken: cancellationToken).ConfigureAwait(false);
        if (reply.Files.Count > 0)
        {
            using var call = functions.Upload(headers, cancellationToken: cancellationToken);
            foreach (var file in reply.Files)
            {
                var local = code.First(local => local.File.Sha256 == file.Sha256);
                await SendAsync(call.RequestStream, local, cancellationToken).ConfigureAwait(false);
            }

            await call.RequestStream.CompleteAsync().ConfigureAwait(false);
            await call.ResponseAsync.ConfigureAwait(false);
        }

        foreach (var file in request.Files)
        {
            _there[file.Sha256] = true;
        }
    }

    private static async Task SendAsync(IClientStreamWriter<FileBlock> output, LocalCodeFile local, CancellationToken cancellationToken)
    {
        using var content = Open(local);
        try
        {
            await FileSending.SendAsync(output, local.File, content, cancellationToken).ConfigureAwait(false);
        }
        catch (FileReadException exception)
        {
            throw Unreadable(local, exception.InnerException!);
        }
    }

    private static SafeFileHandle Open(LocalCodeFile local)
    {
        try
        {
            return File.OpenHandle(local.Path, options: FileOptions.Asynchronous);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(local, exception);
        }
    }

    // An exception of its own: otherwise it would pass for one of the connection.
    private static ClusterException Unreadable(LocalCodeFile local, Exception exception) => new(
        $"The function's code cannot be sent: the file of its assembly {local.File.Name}, {local.Path}, cannot be read. {exception.Message} "
        + "Start the program again from a complete folder.",
        isTransient: false,
        exception);
}
