using System.Diagnostics.Metrics;
using Cluster.Coordinator.Errors;
using Cluster.Coordinator.Functions;
using Cluster.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Cluster.Coordinator.Services;

/// <summary>Brings files into a store and out of it, as blocks of a call.</summary>
internal static class FileTransfer
{
    // Small enough to stay off the large-object heap.
    private const int BlockBytes = 64 << 10;

    /// <summary>Stores what a call sends.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT: a file is not what it was said to be, or more than the store takes.</exception>
    public static async Task<UploadReply> ReceiveAsync(CodeStore store, IAsyncStreamReader<FileBlock> blocks, Counter<long> bytes, CancellationToken cancellationToken)
    {
        CodeUploadSession session = new(store);
        await using (session)
        {
            try
            {
                while (await blocks.MoveNext(cancellationToken))
                {
                    bytes.Add(blocks.Current.Data.Length);
                    await session.AcceptAsync(blocks.Current, cancellationToken);
                }

                await session.CompleteAsync();
            }
            catch (CodeFileRejectedException exception)
            {
                throw RichStatus.BadField("file", exception.Message);
            }
        }

        return new UploadReply { Stored = session.Stored };
    }

    /// <summary>Sends a file.</summary>
    /// <exception cref="RpcException">NOT_FOUND: it is not there.</exception>
    public static async Task SendAsync(CodeStore store, DownloadRequest request, string remedy, IServerStreamWriter<FileBlock> blocks, Counter<long> bytes, CancellationToken cancellationToken)
    {
        string path = await store.FindAsync(request.Sha256.Memory, cancellationToken) ?? throw RichStatus.Missing(
            "file", Convert.ToHexStringLower(request.Sha256.Span), $"The coordinator has no file with SHA-256 {Convert.ToHexStringLower(request.Sha256.Span)}. {remedy}");

        await using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, useAsync: true);
        CodeFile? description = new() { Sha256 = request.Sha256, Size = (ulong)file.Length };
        byte[] buffer = new byte[BlockBytes];
        for (int read; (read = await file.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            await blocks.WriteAsync(new FileBlock { File = description, Data = ByteString.CopyFrom(buffer, 0, read) }, cancellationToken);
            bytes.Add(read);
            description = null;
        }
    }
}
