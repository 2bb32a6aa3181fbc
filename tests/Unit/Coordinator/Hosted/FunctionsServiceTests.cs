using System.Security.Cryptography;
using Cluster.Protocol.V1;
using Cluster.TestKit.Coordinator;
using Google.Protobuf;
using Grpc.Core;
using Xunit;
using FunctionsClient = Cluster.Protocol.V1.Functions.FunctionsClient;

namespace Cluster.Unit.Coordinator.Hosted;

/// <summary>Code goes up once and comes down as it went up.</summary>
public sealed class FunctionsServiceTests : CoordinatorTest
{
    [Fact]
    public async Task Uploaded_files_are_not_missing_any_more_and_can_be_downloaded()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var channel = TestChannel.Open(coordinator.Address);
        var client = new FunctionsClient(channel);
        var content = RandomNumberGenerator.GetBytes(200_000);
        var file = new CodeFile { Name = "App", Size = (ulong)content.Length, Sha256 = ByteString.CopyFrom(SHA256.HashData(content)) };
        var request = new MissingRequest { Files = { file } };
        Assert.Equal(file, Assert.Single((await client.MissingAsync(request, cancellationToken: Deadline)).Files));

        Assert.Equal(1U, (await UploadAsync(client, file, content)).Stored);
        Assert.Empty((await client.MissingAsync(request, cancellationToken: Deadline)).Files);
        Assert.Equal(0U, (await UploadAsync(client, file, content)).Stored);
        Assert.Equal(content, await DownloadAsync(client, file.Sha256));
    }

    [Fact]
    public async Task A_file_that_does_not_match_its_hash_is_refused()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var channel = TestChannel.Open(coordinator.Address);
        var client = new FunctionsClient(channel);
        var file = new CodeFile { Name = "App", Size = 3, Sha256 = ByteString.CopyFrom(SHA256.HashData([1, 2, 4])) };
        var refusal = await Assert.ThrowsAsync<RpcException>(() => UploadAsync(client, file, [1, 2, 3]));
        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
        Assert.Contains("'App'", refusal.Status.Detail, StringComparison.Ordinal);
        Assert.Single((await client.MissingAsync(new MissingRequest { Files = { file } }, cancellationToken: Deadline)).Files);
    }

    [Fact]
    public async Task An_unknown_file_is_not_found()
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var channel = TestChannel.Open(coordinator.Address);
        var refusal = await Assert.ThrowsAsync<RpcException>(() => DownloadAsync(new FunctionsClient(channel), ByteString.CopyFrom(new byte[32])));
        Assert.Equal(StatusCode.NotFound, refusal.StatusCode);
    }

    private async Task<UploadReply> UploadAsync(FunctionsClient client, CodeFile file, byte[] content)
    {
        using var call = client.Upload(cancellationToken: Deadline);
        await call.RequestStream.WriteAsync(new FileBlock { File = file });
        foreach (var block in content.Chunk(64 << 10))
        {
            await call.RequestStream.WriteAsync(new FileBlock { Data = ByteString.CopyFrom(block) });
        }

        await call.RequestStream.CompleteAsync();
        return await call.ResponseAsync;
    }

    private async Task<byte[]> DownloadAsync(FunctionsClient client, ByteString sha256)
    {
        using var call = client.Download(new DownloadRequest { Sha256 = sha256 }, cancellationToken: Deadline);
        var content = new List<byte>();
        while (await call.ResponseStream.MoveNext(Deadline))
        {
            content.AddRange(call.ResponseStream.Current.Data);
        }

        return [.. content];
    }
}
