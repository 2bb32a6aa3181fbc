using Cluster.Coordinator.Functions;
using Cluster.Coordinator.Functions.Registered;
using Cluster.Protocol;
using Cluster.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Cluster.Coordinator.Services;

/// <summary>Code by content hash, and names for what is in it.</summary>
internal sealed class FunctionsService(CodeStore store, FunctionSets sets, ILogger<FunctionsService> logger) : Cluster.Protocol.V1.Functions.FunctionsBase
{
    // Small enough to stay off the large-object heap.
    private const int BlockBytes = 64 << 10;

    public override async Task<MissingReply> Missing(MissingRequest request, ServerCallContext context)
    {
        try
        {
            return new MissingReply { Files = { await store.FindMissingAsync(request.Files, context.CancellationToken) } };
        }
        catch (CodeFileRejectedException exception)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, exception.Message));
        }
    }

    public override async Task<UploadReply> Upload(IAsyncStreamReader<FileBlock> requestStream, ServerCallContext context)
    {
        CodeUploadSession session = new(store);
        await using (session)
        {
            try
            {
                while (await requestStream.MoveNext(context.CancellationToken))
                {
                    await session.AcceptAsync(requestStream.Current, context.CancellationToken);
                }

                await session.CompleteAsync();
            }
            catch (CodeFileRejectedException exception)
            {
                throw new RpcException(new Status(StatusCode.InvalidArgument, exception.Message));
            }
        }

        return new UploadReply { Stored = session.Stored };
    }

    public override async Task Download(DownloadRequest request, IServerStreamWriter<FileBlock> responseStream, ServerCallContext context)
    {
        string path = await store.FindAsync(request.Sha256.Memory, context.CancellationToken) ?? throw new RpcException(new Status(
            StatusCode.NotFound,
            $"The coordinator has no file with SHA-256 {Convert.ToHexStringLower(request.Sha256.Span)}. Upload it with Functions.Upload."));

        await using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, useAsync: true);
        CodeFile? description = new() { Sha256 = request.Sha256, Size = (ulong)file.Length };
        byte[] buffer = new byte[BlockBytes];
        for (int read; (read = await file.ReadAsync(buffer, context.CancellationToken)) > 0;)
        {
            await responseStream.WriteAsync(new FileBlock { File = description, Data = ByteString.CopyFrom(buffer, 0, read) }, context.CancellationToken);
            description = null;
        }
    }

    public override async Task<RegisterFunctionsReply> Register(RegisterFunctionsRequest request, ServerCallContext context)
    {
        try
        {
            var (set, unchanged) = await sets.RegisterAsync(request, context.CancellationToken);
            FunctionsLog.Registered(logger, set.Name, set.Version, set.Functions.Count, context.Peer);
            return new RegisterFunctionsReply { Set = set, Unchanged = unchanged };
        }
        catch (Exception exception) when (exception is RegistrationRejectedException or CodeFileRejectedException)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, exception.Message));
        }
        catch (IOException exception)
        {
            throw NotStored(exception);
        }
    }

    public override Task<ListFunctionsReply> List(ListFunctionsRequest request, ServerCallContext context)
    {
        try
        {
            var reply = new ListFunctionsReply { Sets = { sets.List(request.Set) } };
            return reply.CalculateSize() <= Limits.MaxMessageBytes ? Task.FromResult(reply) : throw new RpcException(new Status(
                StatusCode.ResourceExhausted, $"All functions together do not fit a message of {Limits.MaxMessageBytes >> 20} MiB. Ask for one set (`set`)."));
        }
        catch (UnknownFunctionException exception)
        {
            throw new RpcException(new Status(StatusCode.NotFound, exception.Message));
        }
    }

    public override async Task<UnregisterFunctionsReply> Unregister(UnregisterFunctionsRequest request, ServerCallContext context)
    {
        try
        {
            var versions = await sets.UnregisterAsync(request.Set, context.CancellationToken);
            FunctionsLog.Unregistered(logger, request.Set, versions, context.Peer);
            return new UnregisterFunctionsReply { Versions = (uint)versions };
        }
        catch (UnknownFunctionException exception)
        {
            throw new RpcException(new Status(StatusCode.NotFound, exception.Message));
        }
        catch (RegistrationRejectedException exception)
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition, exception.Message));
        }
        catch (IOException exception)
        {
            throw NotStored(exception);
        }
    }

    private static RpcException NotStored(IOException exception) =>
        new(new Status(StatusCode.Unavailable, $"The coordinator cannot write to its data directory: {exception.Message}"));
}
