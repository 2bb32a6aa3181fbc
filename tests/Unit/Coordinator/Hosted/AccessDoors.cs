using Cluster.Protocol.V1;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;
using Xunit;
using BroadcastsClient = Cluster.Protocol.V1.Broadcasts.BroadcastsClient;
using FunctionsClient = Cluster.Protocol.V1.Functions.FunctionsClient;
using JobsClient = Cluster.Protocol.V1.Jobs.JobsClient;
using NodesClient = Cluster.Protocol.V1.Nodes.NodesClient;
using ObjectsClient = Cluster.Protocol.V1.Objects.ObjectsClient;

namespace Cluster.Unit.Coordinator.Hosted;

/// <summary>Calls of each kind, with what lets them in: roles, <c>wrong</c> for a token that is none, <c>none</c> for no token.</summary>
internal static class AccessDoors
{
    public static Dictionary<string, (string LetsIn, Func<CallInvoker, Metadata, Task> KnockAsync)> All { get; } = new()
    {
        ["Jobs/Run"] = ("submit admin", static (calls, headers) => AskAsync(new JobsClient(calls).Run(headers), new RunRequest())),
        ["Jobs/Map"] = ("submit admin", static (calls, headers) => new JobsClient(calls).MapAsync(new MapRequest(), headers).ResponseAsync),
        ["Jobs/IMap"] = ("submit admin", static (calls, headers) => new JobsClient(calls).IMap(new MapRequest(), headers).ResponseStream.MoveNext(Token)),
        ["Jobs/Submit"] = ("submit admin", static (calls, headers) => new JobsClient(calls).SubmitAsync(new MapRequest(), headers).ResponseAsync),
        ["Jobs/Cancel"] = ("submit admin", static (calls, headers) => new JobsClient(calls).CancelAsync(new CancelJobRequest(), headers).ResponseAsync),
        ["Jobs/Get"] = ("read submit admin", static (calls, headers) => new JobsClient(calls).GetAsync(new GetJobRequest(), headers).ResponseAsync),
        ["Jobs/List"] = ("read submit admin", static (calls, headers) => new JobsClient(calls).ListAsync(new ListJobsRequest(), headers).ResponseAsync),
        ["Jobs/Watch"] = ("read submit admin", static (calls, headers) => new JobsClient(calls).Watch(new WatchJobRequest(), headers).ResponseStream.MoveNext(Token)),
        ["Jobs/Results"] = ("read submit admin", static (calls, headers) => new JobsClient(calls).Results(new JobResultsRequest(), headers).ResponseStream.MoveNext(Token)),
        ["Jobs/ResultBatches"] = ("read submit admin", static (calls, headers) => new JobsClient(calls).ResultBatches(new JobResultsRequest(), headers).ResponseStream.MoveNext(Token)),
        ["Functions/List"] = ("read submit admin", static (calls, headers) => new FunctionsClient(calls).ListAsync(new ListFunctionsRequest(), headers).ResponseAsync),
        ["Functions/Find"] = ("read submit admin", static (calls, headers) => new FunctionsClient(calls).FindAsync(new FindFunctionRequest { Name = "none/none" }, headers).ResponseAsync),
        ["Functions/Register"] = ("submit admin", static (calls, headers) => new FunctionsClient(calls).RegisterAsync(new RegisterFunctionsRequest(), headers).ResponseAsync),
        ["Functions/Unregister"] = ("admin", static (calls, headers) => new FunctionsClient(calls).UnregisterAsync(new UnregisterFunctionsRequest { Set = "none" }, headers).ResponseAsync),
        ["Functions/Missing"] = ("read submit node admin", static (calls, headers) => new FunctionsClient(calls).MissingAsync(new MissingRequest(), headers).ResponseAsync),
        ["Functions/Upload"] = ("submit admin", static (calls, headers) => UploadAsync(new FunctionsClient(calls).Upload(headers))),
        ["Functions/Compile"] = ("submit admin", static (calls, headers) => new FunctionsClient(calls).CompileAsync(new CompileLambdaRequest { Csharp = "x => x" }, headers).ResponseAsync),
        ["Jobs/Map of a lambda"] = ("submit admin", static (calls, headers) => new JobsClient(calls).MapAsync(new MapRequest { Csharp = "x => x" }, headers).ResponseAsync),
        ["Functions/Download"] = ("node admin", static (calls, headers) => new FunctionsClient(calls).Download(new DownloadRequest(), headers).ResponseStream.MoveNext(Token)),
        ["Nodes/Attach"] = ("node admin", static (calls, headers) => AskAsync(new NodesClient(calls).Attach(headers), new NodeMessage())),
        ["Nodes/List"] = ("read submit admin", static (calls, headers) => new NodesClient(calls).ListAsync(new ListNodesRequest(), headers).ResponseAsync),
        ["Nodes/Drain"] = ("admin", static (calls, headers) => new NodesClient(calls).DrainAsync(new DrainNodeRequest { Node = "none" }, headers).ResponseAsync),
        ["Dict/Get"] = ("read submit admin", static (calls, headers) => new Dict.DictClient(calls).GetAsync(new DictGetRequest(), headers).ResponseAsync),
        ["Dict/Clear"] = ("submit admin", static (calls, headers) => new Dict.DictClient(calls).ClearAsync(new DictClearRequest(), headers).ResponseAsync),
        ["Objects/Session"] = ("submit node admin", static (calls, headers) => AskAsync(new ObjectsClient(calls).Session(headers), new ObjectRequests())),
        ["Broadcasts/Hold"] = ("submit admin", static (calls, headers) => AskAsync(new BroadcastsClient(calls).Hold(headers), new HoldRequest())),
        ["reflection"] = ("read submit node admin", static (calls, headers) => AskAsync(new ServerReflection.ServerReflectionClient(calls).ServerReflectionInfo(headers), new ServerReflectionRequest())),
        ["health"] = ("read submit node admin", static (calls, headers) => new Health.HealthClient(calls).CheckAsync(new HealthCheckRequest(), headers).ResponseAsync),
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task UploadAsync(AsyncClientStreamingCall<FileBlock, UploadReply> call)
    {
        using (call)
        {
            await call.RequestStream.CompleteAsync();
            await call.ResponseAsync;
        }
    }

    private static async Task AskAsync<TRequest, TReply>(AsyncDuplexStreamingCall<TRequest, TReply> call, TRequest request)
    {
        using (call)
        {
            await call.RequestStream.WriteAsync(request, Token);
            await call.ResponseStream.MoveNext(Token);
        }
    }
}
