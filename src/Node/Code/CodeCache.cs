using System.Security.Cryptography;
using Cluster.Node.Telemetry;
using Cluster.Protocol.V1;
using Grpc.Core;
using Polly;

namespace Cluster.Node.Code;

/// <summary>
/// The code of jobs on this machine, or other files: named by the SHA-256 of their content, shared by all nodes that use the folder. A file appears under
/// its name only when it is complete and its hash is right.
/// </summary>
/// <param name="directory">The folder.</param>
/// <param name="download">Gets what is not there.</param>
/// <param name="retry">How often.</param>
/// <param name="time">The clock.</param>
/// <param name="kind">What the files are.</param>
internal sealed class CodeCache(string directory, CodeDownload download, ResiliencePipeline retry, TimeProvider time, CachedKind kind)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task<string>> _files = [];

    /// <summary>Sees to it that files are here.</summary>
    /// <param name="files">Which.</param>
    /// <param name="cancellationToken">Stops waiting; another job may still need the files.</param>
    /// <returns>Where they are, in the same order.</returns>
    /// <exception cref="CodeUnavailableException">A file cannot be had.</exception>
    public Task<string[]> GetAsync(IEnumerable<CodeFile> files, CancellationToken cancellationToken) =>
        Task.WhenAll(files.Select(file => GetAsync(file, cancellationToken)));

    private async Task<string> GetAsync(CodeFile file, CancellationToken cancellationToken)
    {
        var hash = Convert.ToHexStringLower(file.Sha256.Span);
        while (true)
        {
            var fetching = Fetch(file, hash);
            var path = await fetching.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (File.Exists(path))
            {
                CacheRoom.Use(path, kind, time);
                return path;
            }

            // Somebody has cleaned up the folder since.
            lock (_gate)
            {
                if (_files.TryGetValue(hash, out var known) && known == fetching)
                {
                    _files.Remove(hash);
                }
            }
        }
    }

    private Task<string> Fetch(CodeFile file, string hash)
    {
        lock (_gate)
        {
            // One download, however many jobs ask at once. A failure is not remembered: the next job tries again.
            if (!_files.TryGetValue(hash, out var fetching) || fetching.IsFaulted || fetching.IsCanceled)
            {
                fetching = Task.Run(() => FetchAsync(file, hash), CancellationToken.None);
                _files[hash] = fetching;
            }
            else
            {
                NodeMetrics.FileFound(kind.Name);
            }

            return fetching;
        }
    }

    private async Task<string> FetchAsync(CodeFile file, string hash)
    {
        var path = Path.Combine(directory, $"{hash}{kind.Suffix}");
        try
        {
            if (await IsIntactAsync(path, file).ConfigureAwait(false))
            {
                NodeMetrics.FileFound(kind.Name);
                return path;
            }

            CreatePrivate(directory);
            CacheRoom.Make(directory, kind, (long)file.Size);
            var begin = time.GetTimestamp();
            await retry.ExecuteAsync(
                static async (state, cancellationToken) =>
                    await state.Cache.DownloadAsync(state.File, state.Path, cancellationToken).ConfigureAwait(false),
                (Cache: this, File: file, Path: path)).ConfigureAwait(false);
            NodeMetrics.FileDownloaded(kind.Name, (long)file.Size, time.GetElapsedTime(begin));
            return path;
        }
        catch (RpcException exception)
        {
            throw Unavailable(file, hash, $"the download from the coordinator failed ({exception.StatusCode}: {exception.Status.Detail})", exception);
        }
        catch (Exception exception)
        {
            // Whatever it was: chunks wait for this file, and have to hear that it will not come.
            throw Unavailable(file, hash, exception.Message, exception);
        }
    }

    private async Task DownloadAsync(CodeFile file, string path, CancellationToken cancellationToken)
    {
        var part = $"{path}.{Environment.ProcessId}.{time.GetTimestamp():x}.part";
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            using (var stream = new FileStream(part, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true))
            {
                await foreach (var block in download(file, cancellationToken).ConfigureAwait(false))
                {
                    hash.AppendData(block.Span);
                    await stream.WriteAsync(block, cancellationToken).ConfigureAwait(false);
                }
            }

            if (!hash.GetHashAndReset().AsSpan().SequenceEqual(file.Sha256.Span))
            {
                throw new InvalidDataException("what the coordinator sent has another hash");
            }

            File.Move(part, path, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }

    private static async Task<bool> IsIntactAsync(string path, CodeFile file)
    {
        try
        {
            await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0, FileOptions.SequentialScan);
            if (stream.Length != (long)file.Size)
            {
                return false;
            }

            var hash = await SHA256.HashDataAsync(stream).ConfigureAwait(false);
            return hash.AsSpan().SequenceEqual(file.Sha256.Span);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    private static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            // What is in here is run: nobody else may write it.
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private CodeUnavailableException Unavailable(CodeFile file, string hash, string reason, Exception inner)
    {
        NodeMetrics.FileUnavailable(kind.Name);
        return new($"The {kind.Name} {file.Name} (SHA-256 {hash[..12]}…) is not on this node and cannot be had: {reason}.", inner);
    }
}
