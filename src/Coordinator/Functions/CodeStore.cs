using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Functions;

/// <summary>
/// Files on disk, assemblies above all, by the SHA-256 of their content. A file is visible under its final name only when it is complete and verified,
/// so that readers never see half of one, and two uploads of the same file end in the same bytes whichever is last.
/// </summary>
internal sealed class CodeStore
{
    private const string TemporarySuffix = ".part";
    private readonly CodeStoreOptions _options;

    // Hash in hexadecimal → length. Only files that were verified by this process.
    private readonly ConcurrentDictionary<string, long> _verified = new(StringComparer.Ordinal);

    // What an earlier run left and nobody has asked for yet, by hash. A file is verified under its gate, once: whoever deletes it because it is damaged
    // must be done before an upload puts a good one in its place.
    private readonly ConcurrentDictionary<string, LeftFile> _left = new(StringComparer.Ordinal);
    private long _reservedBytes;
    private long _uploads;

    public CodeStore(CodeStoreOptions options)
    {
        _options = options;
        if (!Directory.Exists(options.Directory))
        {
            return;
        }

        foreach (string path in Directory.EnumerateFiles(options.Directory))
        {
            if (path.EndsWith(TemporarySuffix, StringComparison.Ordinal))
            {
                // An upload that a crash of an earlier run cut off.
                File.Delete(path);
            }
            else
            {
                LeftFile left = new(new FileInfo(path).Length);
                _reservedBytes += left.Length;
                _left.TryAdd(Path.GetFileNameWithoutExtension(path), left);
            }
        }
    }

    /// <summary>Number of verified files.</summary>
    public int Count => _verified.Count;

    /// <summary>Bytes of all files, those included that are coming.</summary>
    public long Bytes => Interlocked.Read(ref _reservedBytes);

    /// <summary>Which of these files are not here.</summary>
    /// <exception cref="CodeFileRejectedException">An entry could never be stored.</exception>
    public async Task<IReadOnlyList<CodeFile>> FindMissingAsync(IEnumerable<CodeFile> files, CancellationToken cancellationToken)
    {
        List<CodeFile> missing = [];
        foreach (CodeFile file in files)
        {
            RejectImpossible(file);
            if (await FindAsync(file.Sha256.Memory, cancellationToken) is null)
            {
                missing.Add(file);
            }
        }

        return missing;
    }

    /// <summary>The path of a file, or null where the store does not have it.</summary>
    public async Task<string?> FindAsync(ReadOnlyMemory<byte> sha256, CancellationToken cancellationToken)
    {
        string key = Convert.ToHexStringLower(sha256.Span);
        string path = PathOf(key);
        if (_verified.ContainsKey(key))
        {
            return path;
        }

        return _left.TryGetValue(key, out LeftFile? left) && await VerifyAsync(key, path, left, cancellationToken) ? path : null;
    }

    /// <summary>Begins to store a file; null where it is here already.</summary>
    /// <exception cref="CodeFileRejectedException">The file could never be stored.</exception>
    public async Task<CodeUpload?> BeginUploadAsync(CodeFile file, CancellationToken cancellationToken)
    {
        RejectImpossible(file);
        if (await FindAsync(file.Sha256.Memory, cancellationToken) is not null)
        {
            return null;
        }

        long size = (long)file.Size;
        if (Interlocked.Add(ref _reservedBytes, size) > _options.MaxTotalBytes)
        {
            Interlocked.Add(ref _reservedBytes, -size);
            throw new CodeFileRejectedException(string.Create(
                CultureInfo.InvariantCulture,
                $"Storing '{file.Name}' ({size} bytes) would exceed the {_options.Name}'s limit of {_options.MaxTotalBytes} bytes. {_options.Remedy}"));
        }

        try
        {
            Directory.CreateDirectory(_options.Directory);
            string key = Convert.ToHexStringLower(file.Sha256.Span);
            string temporary = string.Create(CultureInfo.InvariantCulture, $"{PathOf(key)}.{Interlocked.Increment(ref _uploads)}{TemporarySuffix}");
            return new CodeUpload(file, temporary, PathOf(key), OnUploadEnded);
        }
        catch
        {
            Interlocked.Add(ref _reservedBytes, -size);
            throw;
        }
    }

    /// <summary>Removes a file. Who reads it reads it to its end.</summary>
    public void Remove(ReadOnlySpan<byte> sha256)
    {
        var key = Convert.ToHexStringLower(sha256);
        if (_verified.TryRemove(key, out var length))
        {
            File.Delete(PathOf(key));
            Interlocked.Add(ref _reservedBytes, -length);
        }
    }

    private void OnUploadEnded(CodeFile file, bool stored)
    {
        // Two uploads of one file reserve its bytes twice and keep them once.
        if (!stored || !_verified.TryAdd(Convert.ToHexStringLower(file.Sha256.Span), (long)file.Size))
        {
            Interlocked.Add(ref _reservedBytes, -(long)file.Size);
        }
    }

    /// <summary>A file that an earlier run left is trusted after its content has been compared with its name, once.</summary>
    private async Task<bool> VerifyAsync(string key, string path, LeftFile left, CancellationToken cancellationToken)
    {
        await left.Gate.WaitAsync(cancellationToken);
        try
        {
            if (_left.ContainsKey(key))
            {
                if (await HasHashAsync(key, path, cancellationToken))
                {
                    _verified.TryAdd(key, left.Length);
                }
                else
                {
                    File.Delete(path);
                    Interlocked.Add(ref _reservedBytes, -left.Length);
                }

                _left.TryRemove(key, out _);
            }

            return _verified.ContainsKey(key);
        }
        finally
        {
            left.Gate.Release();
        }
    }

    private static async Task<bool> HasHashAsync(string key, string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        await using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1 << 16, useAsync: true);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken)) == key;
    }

    private void RejectImpossible(CodeFile file)
    {
        if (file.Sha256.Length != SHA256.HashSizeInBytes)
        {
            throw new CodeFileRejectedException(string.Create(
                CultureInfo.InvariantCulture,
                $"The hash of '{file.Name}' has {file.Sha256.Length} bytes; a SHA-256 has {SHA256.HashSizeInBytes}."));
        }

        if (file.Size == 0 || file.Size > (ulong)_options.MaxFileBytes)
        {
            throw new CodeFileRejectedException(string.Create(
                CultureInfo.InvariantCulture,
                $"'{file.Name}' is said to have {file.Size} bytes; the {_options.Name} takes files of 1 to {_options.MaxFileBytes} bytes."));
        }
    }

    private string PathOf(string key) => Path.Combine(_options.Directory, key + _options.Suffix);
}
