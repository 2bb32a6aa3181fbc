using Cluster.Protocol.V1;
using Cluster.TestKit.Coordinator;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using Xunit;
using DictClient = Cluster.Protocol.V1.Dict.DictClient;
using FunctionsClient = Cluster.Protocol.V1.Functions.FunctionsClient;
using JobsClient = Cluster.Protocol.V1.Jobs.JobsClient;
using NodesClient = Cluster.Protocol.V1.Nodes.NodesClient;

namespace Cluster.Unit.Coordinator.Hosted;

/// <summary>What services refuse is said in fields, too.</summary>
public sealed class RichStatusTests : CoordinatorTest
{
    private static readonly Dictionary<string, (Func<GrpcChannel, CallOptions, Task> Call, StatusCode Code, System.Type Detail)> Refusals = new()
    {
        ["Functions/List"] = ((channel, options) => new FunctionsClient(channel).ListAsync(new ListFunctionsRequest { Set = "nothing" }, options).ResponseAsync, StatusCode.NotFound, typeof(ResourceInfo)),
        ["Functions/Find"] = ((channel, options) => new FunctionsClient(channel).FindAsync(new FindFunctionRequest { Name = "no/thing" }, options).ResponseAsync, StatusCode.NotFound, typeof(ResourceInfo)),
        ["Functions/Unregister"] = (
            (channel, options) => new FunctionsClient(channel).UnregisterAsync(new UnregisterFunctionsRequest { Set = "nothing" }, options).ResponseAsync, StatusCode.NotFound, typeof(ResourceInfo)),
        ["Functions/Register"] = (
            (channel, options) => new FunctionsClient(channel).RegisterAsync(new RegisterFunctionsRequest { Set = "No/Name" }, options).ResponseAsync, StatusCode.InvalidArgument, typeof(BadRequest)),
        ["Functions/Missing"] = (
            (channel, options) => new FunctionsClient(channel).MissingAsync(new MissingRequest { Files = { new CodeFile { Name = "a" } } }, options).ResponseAsync, StatusCode.InvalidArgument, typeof(BadRequest)),
        ["Jobs/Get"] = ((channel, options) => new JobsClient(channel).GetAsync(new GetJobRequest { JobId = "d0" }, options).ResponseAsync, StatusCode.NotFound, typeof(ResourceInfo)),
        ["Jobs/Submit"] = (
            (channel, options) => new JobsClient(channel).SubmitAsync(new MapRequest { Labels = { { "", "v" } } }, options).ResponseAsync, StatusCode.InvalidArgument, typeof(BadRequest)),
        ["Nodes/Drain"] = ((channel, options) => new NodesClient(channel).DrainAsync(new DrainNodeRequest { Node = "nobody" }, options).ResponseAsync, StatusCode.NotFound, typeof(ResourceInfo)),
        ["Dict/Get"] = (
            (channel, options) => new DictClient(channel).GetAsync(new DictGetRequest { Dict = "nothing", Key = Value.ForString("k") }, options).ResponseAsync, StatusCode.NotFound, typeof(ResourceInfo)),
        ["Dict/Increment"] = (IncrementTextAsync, StatusCode.FailedPrecondition, typeof(ObjectError)),
        ["Dict/Set"] = ((channel, options) => new DictClient(channel).SetAsync(new DictSetRequest { Key = Value.ForString("k") }, options).ResponseAsync, StatusCode.InvalidArgument, typeof(BadRequest)),
    };

    public static TheoryData<string> Methods => [.. Refusals.Keys];

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_refusal_has_its_detail(string method)
    {
        await using var coordinator = await TestCoordinator.StartAsync();
        using var channel = TestChannel.Open(coordinator.Address);
        var (call, code, detail) = Refusals[method];
        var refusal = await Assert.ThrowsAsync<RpcException>(() => call(channel, new CallOptions(cancellationToken: Deadline)));
        Assert.Equal(code, refusal.StatusCode);
        var status = Google.Rpc.Status.Parser.ParseFrom(refusal.Trailers.GetValueBytes("grpc-status-details-bin"));
        Assert.Equal(((int)code, refusal.Status.Detail), (status.Code, status.Message));
        Assert.Equal(detail.Name, Any.GetTypeName(Assert.Single(status.Details).TypeUrl).Split('.')[^1]);
    }

    private static async Task IncrementTextAsync(GrpcChannel channel, CallOptions options)
    {
        var dictionaries = new DictClient(channel);
        await dictionaries.SetAsync(new DictSetRequest { Dict = "d", Key = Value.ForString("k"), Value = Value.ForString("text") }, options);
        await dictionaries.IncrementAsync(new DictIncrementRequest { Dict = "d", Key = Value.ForString("k"), By = 1 }, options);
    }
}
