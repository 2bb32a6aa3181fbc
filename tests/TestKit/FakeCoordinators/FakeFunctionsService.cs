using System.Collections.Concurrent;
using Cluster.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Cluster.TestKit.FakeCoordinators;

internal sealed class FakeFunctionsService : Functions.FunctionsBase
{
    private readonly ConcurrentDictionary<ByteString, bool> _there = new();

    public ConcurrentQueue<CodeFile> Uploaded { get; } = new();

    public bool Has(CodeFile file) => _there.ContainsKey(file.Sha256);

    public void Forget() => _there.Clear();

    public override Task<MissingReply> Missing(MissingRequest request, ServerCallContext context)
    {
        var reply = new MissingReply();
        reply.Files.AddRange(request.Files.Where(file => !Has(file)));
        return Task.FromResult(reply);
    }

    public override async Task<UploadReply> Upload(IAsyncStreamReader<FileBlock> requestStream, ServerCallContext context)
    {
        var reply = new UploadReply();
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            if (requestStream.Current.File is { } file)
            {
                Uploaded.Enqueue(file);
                _there[file.Sha256] = true;
                reply.Stored++;
            }
        }

        return reply;
    }
}
