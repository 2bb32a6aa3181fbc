using System.Buffers;
using System.IO.Compression;
using Grpc.Core;

namespace Grpc.Wire;

/// <summary>The one compression that is spoken: gzip, message by message.</summary>
internal static class GzipCodec
{
    public const string Name = "gzip";
    public const string IdentityName = "identity";
    public const string AcceptEncoding = "identity,gzip";

    private const int BlockSize = 16 * 1024;

    public static void Compress(ReadOnlySpan<byte> message, IBufferWriter<byte> destination, CompressionLevel level)
    {
        using var gzip = new GZipStream(new BufferWriterStream(destination), level, leaveOpen: false);
        gzip.Write(message);
    }

    /// <summary>Inflates a message. The limit is on what comes out: a small message can inflate to any size.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: it is larger than the limit. INTERNAL: it is damaged.</exception>
    public static void Decompress(in ReadOnlySequence<byte> compressed, PooledBuffer destination, int? limit)
    {
        int max = limit ?? Array.MaxLength;
        try
        {
            using var gzip = new GZipStream(new SequenceStream(compressed), CompressionMode.Decompress);
            while (true)
            {
                int read = gzip.Read(destination.GetSpan(BlockSize));
                if (read == 0)
                {
                    return;
                }

                destination.Advance(read);
                if (destination.Length > max)
                {
                    string problem = $"Received message exceeds the maximum configured message size: it inflates to more than {max} bytes.";
                    throw new RpcException(new Status(StatusCode.ResourceExhausted, problem, new InvalidDataException(problem)));
                }
            }
        }
        catch (InvalidDataException e)
        {
            throw new RpcException(new Status(StatusCode.Internal, $"A compressed message of {compressed.Length} bytes is no valid gzip data: {e.Message}", e));
        }
    }
}
