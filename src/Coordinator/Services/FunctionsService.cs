using Cluster.Coordinator.AdHoc;
using Cluster.Coordinator.Errors;
using Cluster.Coordinator.Functions;
using Cluster.Coordinator.Functions.Registered;
using Cluster.Coordinator.Hosting.Access;
using Cluster.Coordinator.Telemetry;
using Cluster.Protocol;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Coordinator.Services;

/// <summary>Code by content hash, and names for what is in it.</summary>
internal sealed class FunctionsService(CodeStore store, CodeFiles code, FunctionSets sets, LambdaFunction lambdas, CoordinatorMetrics metrics, ILogger<FunctionsService> logger)
    : Cluster.Protocol.V1.Functions.FunctionsBase
{
    public override async Task<MissingReply> Missing(MissingRequest request, ServerCallContext context)
    {
        try
        {
            return new MissingReply { Files = { await code.FindMissingAsync(request.Files, context.CancellationToken) } };
        }
        catch (CodeFileRejectedException exception)
        {
            throw RichStatus.BadField("files", exception.Message);
        }
    }

    public override async Task<UploadReply> Upload(IAsyncStreamReader<FileBlock> requestStream, ServerCallContext context)
    {
        var reply = await FileTransfer.ReceiveAsync(store, requestStream, metrics.UploadBytes, context.CancellationToken);
        AccessLog.Uploaded(logger, Caller.Name(context), context.Peer, reply.Stored);
        return reply;
    }

    public override async Task Download(DownloadRequest request, IServerStreamWriter<FileBlock> responseStream, ServerCallContext context) => await FileTransfer.SendAsync(
        await code.FindStoreAsync(request.Sha256.Memory, context.CancellationToken), request, "Upload it with Functions.Upload.", responseStream, metrics.DownloadBytes, context.CancellationToken);

    public override async Task<CompileLambdaReply> Compile(CompileLambdaRequest request, ServerCallContext context)
    {
        var lambda = await lambdas.CompileAsync(request.Csharp, Caller.Describe(context), context.CancellationToken);
        return new CompileLambdaReply { Function = lambda.Function, Description = lambda.Description };
    }

    public override async Task<RegisterFunctionsReply> Register(RegisterFunctionsRequest request, ServerCallContext context)
    {
        try
        {
            var (set, unchanged) = await sets.RegisterAsync(request, context.CancellationToken);
            FunctionsLog.Registered(logger, set.Name, set.Version, set.Functions.Count, Caller.Name(context), context.Peer);
            return new RegisterFunctionsReply { Set = set, Unchanged = unchanged };
        }
        catch (RegistrationRejectedException exception)
        {
            throw RichStatus.BadField(exception.Field, exception.Message);
        }
        catch (CodeFileRejectedException exception)
        {
            throw RichStatus.BadField("code", exception.Message);
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
            return reply.CalculateSize() <= Limits.MaxMessageBytes ? Task.FromResult(reply) : throw RichStatus.TooMuch(
                "reply", $"All functions together do not fit a message of {Limits.MaxMessageBytes >> 20} MiB. Ask for one set (`set`).");
        }
        catch (UnknownFunctionException exception)
        {
            throw RichStatus.Missing("function set", request.Set, exception.Message);
        }
    }

    public override Task<FindFunctionReply> Find(FindFunctionRequest request, ServerCallContext context)
    {
        try
        {
            var found = sets.Find(request.Name);
            var description = new RegisteredFunction(found.Description) { Name = request.Name };
            return Task.FromResult(new FindFunctionReply { Description = description, Version = found.Version, Function = found.Reference });
        }
        catch (UnknownFunctionException exception)
        {
            throw RichStatus.Missing("function", request.Name, exception.Message);
        }
    }

    public override async Task<UnregisterFunctionsReply> Unregister(UnregisterFunctionsRequest request, ServerCallContext context)
    {
        try
        {
            var versions = await sets.UnregisterAsync(request.Set, context.CancellationToken);
            FunctionsLog.Unregistered(logger, request.Set, versions, Caller.Name(context), context.Peer);
            return new UnregisterFunctionsReply { Versions = (uint)versions };
        }
        catch (UnknownFunctionException exception)
        {
            throw RichStatus.Missing("function set", request.Set, exception.Message);
        }
        catch (RegistrationRejectedException exception)
        {
            throw RichStatus.Unmet("CURRENT_VERSION", request.Set, exception.Message);
        }
        catch (IOException exception)
        {
            throw NotStored(exception);
        }
    }

    private static RpcException NotStored(IOException exception) =>
        RichStatus.NotNow($"The coordinator cannot write to its data directory: {exception.Message}");
}
