using Cluster.Coordinator.Broadcasts;
using Cluster.Coordinator.Errors;
using Cluster.Coordinator.Hosting;
using Cluster.Coordinator.Telemetry;
using Cluster.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Cluster.Coordinator.Services;

/// <summary>Values for nodes, by content hash.</summary>
internal sealed class BroadcastsService(BroadcastStore store, StreamShutdown shutdown, CoordinatorMetrics metrics) : Cluster.Protocol.V1.Broadcasts.BroadcastsBase
{
    public override async Task Hold(IAsyncStreamReader<HoldRequest> requestStream, IServerStreamWriter<HoldReply> responseStream, ServerCallContext context)
    {
        HashSet<ByteString> held = [];
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        await using var stopping = shutdown.Register((_, _) => ending.Cancel());
        try
        {
            while (await requestStream.MoveNext(ending.Token))
            {
                await responseStream.WriteAsync(await AnswerAsync(requestStream.Current, held, ending.Token), ending.Token);
            }
        }
        catch (OperationCanceledException) when (shutdown.HasBegun)
        {
            throw RichStatus.NotNow("The coordinator is shutting down.");
        }
        finally
        {
            foreach (var sha256 in held)
            {
                store.Release(sha256);
            }
        }
    }

    public override async Task<UploadReply> Upload(IAsyncStreamReader<FileBlock> requestStream, ServerCallContext context)
    {
        List<ByteString> seen = [];
        try
        {
            return await FileTransfer.ReceiveAsync(store.Files, new Noting(requestStream, seen), metrics.UploadBytes, context.CancellationToken);
        }
        finally
        {
            // What is uploaded and held by nobody does not stay for ever.
            seen.ForEach(store.Stored);
        }
    }

    public override Task Download(DownloadRequest request, IServerStreamWriter<FileBlock> responseStream, ServerCallContext context) =>
        FileTransfer.SendAsync(store.Files, request, "It was a broadcast whose program has disposed it, or has ended.", responseStream, metrics.DownloadBytes, context.CancellationToken);

    private async Task<HoldReply> AnswerAsync(HoldRequest request, HashSet<ByteString> held, CancellationToken cancellationToken)
    {
        foreach (var file in request.Hold.Where(file => held.Add(file.Sha256)))
        {
            store.Hold(file.Sha256);
        }

        foreach (var sha256 in request.Release.Where(held.Remove))
        {
            store.Release(sha256);
        }

        HoldReply reply = new();
        foreach (var file in request.Hold)
        {
            if (await store.Files.FindAsync(file.Sha256.Memory, cancellationToken) is null)
            {
                reply.Missing.Add(file);
            }
        }

        return reply;
    }

    // Notes which files go by.
    private sealed class Noting(IAsyncStreamReader<FileBlock> blocks, List<ByteString> seen) : IAsyncStreamReader<FileBlock>
    {
        public FileBlock Current => blocks.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            var any = await blocks.MoveNext(cancellationToken);
            if (any && blocks.Current.File is { } file)
            {
                seen.Add(file.Sha256);
            }

            return any;
        }
    }
}
