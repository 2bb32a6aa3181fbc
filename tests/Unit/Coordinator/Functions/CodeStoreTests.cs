using System.Security.Cryptography;
using Cluster.Coordinator.Functions;
using Cluster.Protocol.V1;
using Google.Protobuf;
using Xunit;

namespace Cluster.Unit.Coordinator.Functions;

/// <summary>Files are what their hash says, or they are not there.</summary>
public sealed class CodeStoreTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("cluster-code-store-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Two_uploads_of_the_same_file_at_once_both_succeed()
    {
        var store = Open();
        var file = Describe([1, 2, 3]);
        await using var first = await store.BeginUploadAsync(file, Token);
        await using var second = await store.BeginUploadAsync(file, Token);
        await first!.WriteAsync(new byte[] { 1, 2, 3 }, Token);
        await second!.WriteAsync(new byte[] { 1, 2 }, Token);
        await first.CommitAsync();
        await second.WriteAsync(new byte[] { 3 }, Token);
        await second.CommitAsync();
        Assert.Equal([1, 2, 3], await File.ReadAllBytesAsync((await store.FindAsync(file.Sha256.Memory, Token))!, Token));
        Assert.Single(Directory.GetFiles(_directory));
    }

    [Fact]
    public async Task A_later_run_finds_what_an_earlier_one_stored()
    {
        var file = await StoreAsync(Open(), [1, 2, 3]);
        Assert.Empty(await Open().FindMissingAsync([file], Token));
    }

    [Fact]
    public async Task A_file_that_was_damaged_on_disk_is_missing_and_can_be_stored_again()
    {
        var file = await StoreAsync(Open(), [1, 2, 3]);
        await File.WriteAllBytesAsync(Directory.GetFiles(_directory)[0], [1, 2], Token);
        var store = Open();
        Assert.Equal(file, Assert.Single(await store.FindMissingAsync([file], Token)));
        await StoreAsync(store, [1, 2, 3]);
        Assert.Empty(await store.FindMissingAsync([file], Token));
    }

    [Fact]
    public async Task An_upload_that_was_cut_off_leaves_nothing()
    {
        var store = Open();
        var file = Describe([1, 2, 3]);
        await using (var upload = await store.BeginUploadAsync(file, Token))
        {
            await upload!.WriteAsync(new byte[] { 1 }, Token);
            var refusal = await Assert.ThrowsAsync<CodeFileRejectedException>(upload.CommitAsync);
            Assert.Contains("3 bytes, but 1 came", refusal.Message, StringComparison.Ordinal);
        }

        Assert.Empty(Directory.GetFiles(_directory));
        Assert.Single(await store.FindMissingAsync([file], Token));
    }

    [Fact]
    public async Task More_than_was_announced_or_than_fits_is_refused()
    {
        var store = new CodeStore(new CodeStoreOptions { Directory = _directory, MaxFileBytes = 10, MaxTotalBytes = 15 });
        await Assert.ThrowsAsync<CodeFileRejectedException>(() => store.BeginUploadAsync(Describe(new byte[11]), Token));
        await StoreAsync(store, new byte[10]);
        await Assert.ThrowsAsync<CodeFileRejectedException>(() => store.BeginUploadAsync(Describe(new byte[6]), Token));
        await using var upload = await store.BeginUploadAsync(Describe(new byte[5]), Token);
        await Assert.ThrowsAsync<CodeFileRejectedException>(() => upload!.WriteAsync(new byte[6], Token));
    }

    [Fact]
    public async Task An_upload_that_cannot_begin_keeps_no_room()
    {
        var store = new CodeStore(new CodeStoreOptions { Directory = _directory, MaxTotalBytes = 10 });
        var file = Describe(new byte[10]);
        for (var upload = 1; upload <= 3; upload++)
        {
            var occupied = Directory.CreateDirectory(TemporaryPath(file, upload));
            await Assert.ThrowsAsync<UnauthorizedAccessException>(() => store.BeginUploadAsync(file, Token));
            occupied.Delete();
        }

        await StoreAsync(store, new byte[10]);
    }

    [Fact]
    public async Task A_full_disk_keeps_no_room()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/dev/full is a full disk.");
        var store = new CodeStore(new CodeStoreOptions { Directory = _directory, MaxTotalBytes = 10 });
        var file = Describe(new byte[10]);
        File.CreateSymbolicLink(TemporaryPath(file, 1), "/dev/full");
        await using (var upload = await store.BeginUploadAsync(file, Token))
        {
            await Assert.ThrowsAsync<IOException>(() => upload!.WriteAsync(new byte[10], Token));
        }

        Assert.Empty(Directory.GetFiles(_directory));
        await StoreAsync(store, new byte[10]);
    }

    [Fact]
    public async Task Whoever_finds_a_damaged_file_never_deletes_the_good_one_that_takes_its_place()
    {
        var content = new byte[1 << 20];
        var file = await StoreAsync(Open(), content);
        for (var round = 0; round < 20; round++)
        {
            await File.WriteAllBytesAsync(Directory.GetFiles(_directory)[0], new byte[(1 << 20) - 1], Token);
            var store = new CodeStore(new CodeStoreOptions { Directory = _directory, MaxTotalBytes = content.Length });

            // Many ask at once, and whoever hears first that it is missing uploads it while others still look.
            var asking = Enumerable.Range(0, 8).Select(_ => Task.Run(() => store.FindMissingAsync([file], Token), Token)).ToList();
            await await Task.WhenAny(asking);
            await StoreAsync(store, content);
            await Task.WhenAll(asking);
            Assert.Equal(content, await File.ReadAllBytesAsync((await store.FindAsync(file.Sha256.Memory, Token))!, Token));
            await Assert.ThrowsAsync<CodeFileRejectedException>(() => store.BeginUploadAsync(Describe([1]), Token));
        }
    }

    [Fact]
    public async Task A_left_file_that_somebody_removed_is_missing_and_can_be_stored_again()
    {
        var file = await StoreAsync(Open(), [1, 2, 3]);
        var store = new CodeStore(new CodeStoreOptions { Directory = _directory, MaxTotalBytes = 3 });
        File.Delete(Directory.GetFiles(_directory)[0]);
        Assert.Single(await store.FindMissingAsync([file], Token));
        await StoreAsync(store, [1, 2, 3]);
        Assert.Empty(await store.FindMissingAsync([file], Token));
    }

    [Fact]
    public async Task A_hash_of_another_length_is_refused()
    {
        var file = new CodeFile { Name = "../App", Size = 1, Sha256 = ByteString.CopyFromUtf8("../../etc/passwd") };
        await Assert.ThrowsAsync<CodeFileRejectedException>(() => Open().FindMissingAsync([file], Token));
        Assert.Null(await Open().FindAsync(file.Sha256.Memory, Token));
    }

    private string TemporaryPath(CodeFile file, int upload) => Path.Combine(_directory, $"{Convert.ToHexStringLower(file.Sha256.Span)}.dll.{upload}.part");

    private CodeStore Open() => new(new CodeStoreOptions { Directory = _directory });

    private static async Task<CodeFile> StoreAsync(CodeStore store, byte[] content)
    {
        var file = Describe(content);
        await using var upload = await store.BeginUploadAsync(file, Token);
        await upload!.WriteAsync(content, Token);
        await upload.CommitAsync();
        return file;
    }

    private static CodeFile Describe(byte[] content) =>
        new() { Name = "App", Size = (ulong)content.Length, Sha256 = ByteString.CopyFrom(SHA256.HashData(content)) };
}
