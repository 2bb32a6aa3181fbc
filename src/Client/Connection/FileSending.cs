using Cluster.Protocol;
using Cluster.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Win32.SafeHandles;

namespace Cluster.Client.Connection;

/// <summary>Sends a file in blocks.</summary>
internal static class FileSending
{
    /// <exception cref="FileReadException">The file cannot be read. An exception of its own: it would pass for one of the connection otherwise.</exception>
    public static async Task SendAsync(IClientStreamWriter<FileBlock> output, CodeFile file, SafeFileHandle content, CancellationToken cancellationToken)
    {
        long offset = 0;
        while (true)
        {
            var block = new byte[Limits.PreferredPayloadBytes];
            var length = await ReadAsync(content, block, offset, cancellationToken).ConfigureAwait(false);
            if (length == 0 && offset > 0)
            {
                return;
            }

            await output.WriteAsync(
                new FileBlock { File = offset == 0 ? file : null, Data = UnsafeByteOperations.UnsafeWrap(block.AsMemory(0, length)) },
                cancellationToken).ConfigureAwait(false);
            if (length < block.Length)
            {
                return;
            }

            offset += length;
        }
    }

    private static async ValueTask<int> ReadAsync(SafeFileHandle content, Memory<byte> block, long offset, CancellationToken cancellationToken)
    {
        var length = 0;
        try
        {
            while (length < block.Length && await RandomAccess.ReadAsync(content, block[length..], offset + length, cancellationToken).ConfigureAwait(false) is > 0 and var read)
            {
                length += read;
            }

            return length;
        }
        catch (IOException exception)
        {
            throw new FileReadException(exception);
        }
    }
}
