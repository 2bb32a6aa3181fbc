using System.Security.Cryptography;
using Cluster.Node.Code;
using Cluster.Protocol.V1;
using Cluster.TestKit.Time;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Polly;
using Xunit;

namespace Cluster.Unit.Node;

public sealed class CodeCacheTests : IDisposable
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 100_000).Select(i => (byte)i)];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-code-test-");
    private int _downloads;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static CodeFile File { get; } = new() { Name = "App", Size = (ulong)Content.Length, Sha256 = ByteString.CopyFrom(SHA256.HashData(Content)) };

    private string FolderPath => Path.Combine(_folder.FullName, "code");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_file_is_downloaded_once_however_many_ask_and_found_again_by_the_next_node()
    {
        var cache = Cache(Content);
        var paths = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => cache.GetAsync([File], Token)));
        Assert.Equal(1, _downloads);
        var path = Assert.Single(paths.Select(found => found.Single()).Distinct());
        Assert.Equal(Content, await System.IO.File.ReadAllBytesAsync(path, Token));

        Assert.Equal([path], await Cache(Content).GetAsync([File], Token));
        Assert.Equal(1, _downloads);
        Assert.Equal([path], Directory.EnumerateFiles(FolderPath));
    }

    [Fact]
    public async Task A_file_that_was_damaged_is_downloaded_again()
    {
        var path = (await Cache(Content).GetAsync([File], Token)).Single();
        var damaged = (byte[])Content.Clone();
        damaged[50]++;
        await System.IO.File.WriteAllBytesAsync(path, damaged, Token);

        await Cache(Content).GetAsync([File], Token);
        Assert.Equal(2, _downloads);
        Assert.Equal(Content, await System.IO.File.ReadAllBytesAsync(path, Token));
    }

    [Fact]
    public async Task Content_with_another_hash_is_refused_and_leaves_nothing_behind()
    {
        var exception = await Assert.ThrowsAsync<CodeUnavailableException>(() => Cache([1, 2, 3]).GetAsync([File], Token));
        Assert.Contains("App", exception.Message, StringComparison.Ordinal);
        Assert.Contains("another hash", exception.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(FolderPath));
    }

    [Fact]
    public async Task A_failure_is_not_remembered()
    {
        var content = new byte[] { 1 };
        var cache = new CodeCache(FolderPath, (_, _) => Blocks(content), ResiliencePipeline.Empty, new ManualTime(), CachedKind.Assembly);
        await Assert.ThrowsAsync<CodeUnavailableException>(() => cache.GetAsync([File], Token));
        content = Content;
        Assert.Single(await cache.GetAsync([File], Token));
    }

    [Fact]
    public async Task A_coordinator_that_is_away_is_asked_again_but_not_one_that_lacks_the_file()
    {
        var retry = Downloading.Pipeline(TimeProvider.System, new Random(1), NullLogger.Instance);
        var cache = new CodeCache(FolderPath, (_, _) => Failing(_downloads == 0 ? StatusCode.Unavailable : StatusCode.NotFound), retry, TimeProvider.System, CachedKind.Assembly);
        var exception = await Assert.ThrowsAsync<CodeUnavailableException>(() => cache.GetAsync([File], Token));

        Assert.Contains("NotFound", exception.Message, StringComparison.Ordinal);
        Assert.Equal(2, _downloads);
    }

    private CodeCache Cache(byte[] content) => new(FolderPath, (_, _) => Blocks(content), ResiliencePipeline.Empty, new ManualTime(), CachedKind.Assembly);

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> Blocks(byte[] content)
    {
        Interlocked.Increment(ref _downloads);
        foreach (var block in content.Chunk(30_000))
        {
            await Task.Yield();
            yield return block;
        }
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> Failing(StatusCode code)
    {
        await Task.Yield();
        _downloads++;
        yield return code == StatusCode.OK ? default(ReadOnlyMemory<byte>) : throw new RpcException(new Status(code, "no"));
    }
}
