using Google.Protobuf;
using Grpc.Core;

namespace Cluster.Bench.Transport;

/// <summary>What is measured. Each returns how many calls or messages it made.</summary>
internal sealed class Workloads(Echo.EchoClient client)
{
    public async Task<long> UnaryAsync(int callers, int calls)
    {
        Block request = Of(100);
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < calls / callers; i++)
            {
                await client.UnaryAsync(request);
            }
        })));
        return calls;
    }

    public async Task<long> DuplexAsync(int streams, int roundTrips)
    {
        Block request = Of(64);
        await Task.WhenAll(Enumerable.Range(0, streams).Select(_ => Task.Run(async () =>
        {
            using AsyncDuplexStreamingCall<Block, Block> call = client.Duplex();
            for (int i = 0; i < roundTrips / streams; i++)
            {
                await call.RequestStream.WriteAsync(request);
                await call.ResponseStream.MoveNext(CancellationToken.None);
            }

            await call.RequestStream.CompleteAsync();
        })));
        return roundTrips;
    }

    public async Task<long> UploadAsync(int size, long count)
    {
        Block request = Of(size);
        using AsyncClientStreamingCall<Block, Count> call = client.Upload();
        for (long i = 0; i < count; i++)
        {
            await call.RequestStream.WriteAsync(request);
        }

        await call.RequestStream.CompleteAsync();
        Count received = await call;
        return received.Messages == count ? count : throw new InvalidOperationException($"{received.Messages} of {count} messages arrived.");
    }

    public async Task<long> DownloadAsync(int size, long count)
    {
        using AsyncServerStreamingCall<Block> call = client.Download(new Wanted { Count = count, Size = size });
        long received = 0;
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            received++;
        }

        return received == count ? count : throw new InvalidOperationException($"{received} of {count} messages arrived.");
    }

    private static Block Of(int size) => new() { Data = ByteString.CopyFrom(new byte[size]) };
}
