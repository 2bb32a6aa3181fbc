using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Security.Cryptography;
using System.Text.Json;
using Cluster.Protocol.Memory;
using Cluster.Protocol.V1;
using Google.Protobuf;
using Microsoft.Win32.SafeHandles;

namespace Cluster.Client.Broadcasts;

/// <summary>A value in a file, which is there as long as this is: the value may change after it was broadcast, and be needed again for another coordinator.</summary>
internal sealed class BroadcastFile : IDisposable
{
    // The elements behind it are aligned for any instruction.
    private const int HeaderLength = 64;
    private const int FormatAt = 8;

    private readonly FileStream _stream;

    private BroadcastFile(FileStream stream, CodeFile file) => (_stream, File) = (stream, file);

    /// <summary>Which value it is.</summary>
    public CodeFile File { get; }

    public SafeFileHandle Content => _stream.SafeFileHandle;

    private static ReadOnlySpan<byte> Mark => "CLBCAST1"u8;

    /// <summary>Writes a value to a temporary file.</summary>
    /// <exception cref="ClusterException">The value has no form that travels.</exception>
    /// <exception cref="IOException">There is no room for it.</exception>
    public static async Task<BroadcastFile> WriteAsync<T>(T value, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Delete, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var stream = new FileStream(Path.Combine(Path.GetTempPath(), $"cluster-broadcast-{Guid.NewGuid():N}"), options);
        try
        {
            if (!OperatingSystem.IsWindows())
            {
                // Its content stays as long as it is open, and nothing stays of a process that is killed.
                System.IO.File.Delete(stream.Name);
            }

            Write(stream, value);
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
            stream.Position = 0;
            var hash = await SHA256.HashDataAsync(stream, cancellationToken).ConfigureAwait(false);
            return new BroadcastFile(stream, new CodeFile { Name = typeof(T).ToString(), Sha256 = UnsafeByteOperations.UnsafeWrap(hash), Size = (ulong)stream.Length });
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Reads the value of a file.</summary>
    /// <exception cref="ClusterException">It is no such value.</exception>
    public static T Read<T>(string path)
    {
        try
        {
            var form = BroadcastForm<T>.Choose();
            var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
            var mapped = MappedMemory.Of(stream, 0, stream.Length, MemoryMappedFileAccess.Read);
            var header = mapped.Span<byte>(0, HeaderLength);
            if (!header.StartsWith(Mark))
            {
                mapped.Dispose();
                throw new InvalidDataException("The file is none.");
            }

            return form.Read(mapped, HeaderLength, (Format)BinaryPrimitives.ReadInt32LittleEndian(header[FormatAt..]));
        }
        catch (Exception exception) when (exception is NotSupportedException or JsonException or InvalidOperationException or FormatException or ArgumentException or InvalidDataException or InvalidProtocolBufferException)
        {
            throw new ClusterException($"A broadcast cannot be read as {typeof(T)}: {exception.Message}", isTransient: false, exception);
        }
    }

    public void Dispose() => _stream.Dispose();

    private static void Write<T>(FileStream stream, T value)
    {
        try
        {
            var form = BroadcastForm<T>.Choose();
            Span<byte> header = stackalloc byte[HeaderLength];
            Mark.CopyTo(header);
            BinaryPrimitives.WriteInt32LittleEndian(header[FormatAt..], (int)form.Format);
            stream.Write(header);
            form.Write(stream, value);
        }
        catch (Exception exception) when (exception is NotSupportedException or JsonException or InvalidOperationException or ArgumentException or OverflowException)
        {
            throw new ClusterException($"A {typeof(T)} cannot be broadcast: {exception.Message}", isTransient: false, exception);
        }
    }
}
