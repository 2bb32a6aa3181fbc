using Google.Protobuf;
using Grpc.Core;

namespace Cluster.Bench.Transport;

internal sealed class EchoService : Echo.EchoBase
{
    public override Task<Block> Unary(Block request, ServerCallContext context) => Task.FromResult(request);

    public override async Task Duplex(IAsyncStreamReader<Block> requestStream, IServerStreamWriter<Block> responseStream, ServerCallContext context)
    {
        while (await requestStream.MoveNext(CancellationToken.None))
        {
            await responseStream.WriteAsync(requestStream.Current);
        }
    }

    public override async Task<Count> Upload(IAsyncStreamReader<Block> requestStream, ServerCallContext context)
    {
        var count = new Count();
        while (await requestStream.MoveNext(CancellationToken.None))
        {
            count.Messages++;
        }

        return count;
    }

    public override async Task Download(Wanted request, IServerStreamWriter<Block> responseStream, ServerCallContext context)
    {
        var block = new Block { Data = ByteString.CopyFrom(new byte[request.Size]) };
        for (long i = 0; i < request.Count; i++)
        {
            await responseStream.WriteAsync(block);
        }
    }
}
