using System.Globalization;
using System.Security.Cryptography;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Functions;

/// <summary>One file on its way into the store: written aside, hashed on the way, renamed when it proved to be what it was said to be.</summary>
internal sealed class CodeUpload : IAsyncDisposable
{
    private readonly CodeFile _file;
    private readonly string _temporaryPath;
    private readonly string _finalPath;
    private readonly Action<CodeFile, bool> _ended;
    private readonly FileStream _stream;
    private readonly IncrementalHash _hash;
    private long _written;
    private bool _stored;

    public CodeUpload(CodeFile file, string temporaryPath, string finalPath, Action<CodeFile, bool> ended)
    {
        _file = file;
        _temporaryPath = temporaryPath;
        _finalPath = finalPath;
        _ended = ended;
        _stream = new FileStream(temporaryPath, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
        _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    }

    /// <summary>Adds the next bytes.</summary>
    /// <exception cref="CodeFileRejectedException">More bytes came than were announced.</exception>
    public async Task WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        if (_written + data.Length > (long)_file.Size)
        {
            throw new CodeFileRejectedException(string.Create(
                CultureInfo.InvariantCulture, $"'{_file.Name}' was announced with {_file.Size} bytes, but at least {_written + data.Length} came."));
        }

        _hash.AppendData(data.Span);
        await _stream.WriteAsync(data, cancellationToken);
        _written += data.Length;
    }

    /// <summary>Verifies the whole file and makes it visible.</summary>
    /// <exception cref="CodeFileRejectedException">Its length or its hash is not the announced one.</exception>
    public async Task CommitAsync()
    {
        if (_written != (long)_file.Size)
        {
            throw new CodeFileRejectedException(string.Create(
                CultureInfo.InvariantCulture, $"'{_file.Name}' was announced with {_file.Size} bytes, but {_written} came."));
        }

        byte[] hash = _hash.GetHashAndReset();
        if (!_file.Sha256.Span.SequenceEqual(hash))
        {
            throw new CodeFileRejectedException(
                $"The content of '{_file.Name}' has SHA-256 {Convert.ToHexStringLower(hash)}, announced was {Convert.ToHexStringLower(_file.Sha256.Span)}. Upload it again.");
        }

        await _stream.DisposeAsync();
        File.Move(_temporaryPath, _finalPath, overwrite: true);
        _stored = true;
        _ended(_file, true);
    }

    /// <summary>Removes what was written, unless it was committed.</summary>
    public async ValueTask DisposeAsync()
    {
        _hash.Dispose();
        if (_stored)
        {
            return;
        }

        try
        {
            await _stream.DisposeAsync();
            File.Delete(_temporaryPath);
        }
        finally
        {
            // Whatever a broken disk says, the bytes are not reserved for this file any more.
            _ended(_file, false);
        }
    }
}
