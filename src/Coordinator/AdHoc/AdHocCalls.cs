using Cluster.Coordinator.Dispatch;
using Cluster.Coordinator.Errors;
using Cluster.Coordinator.Functions.Registered;
using Cluster.Coordinator.Hosting;
using Cluster.Coordinator.Hosting.Access;
using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.Telemetry;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Coordinator.AdHoc;

/// <summary>Runs functions for people: the same jobs as programs have, fed from one message, with the answers put together here.</summary>
internal sealed class AdHocCalls(JobAdmission admission, FunctionSets functions, LambdaFunction lambdas, SchedulerLoop loop, CoordinatorOptions options, CoordinatorMetrics metrics)
{
    /// <summary>All answers in one message.</summary>
    /// <exception cref="RpcException">The call makes no sense, its job ended early, or the answers do not fit.</exception>
    public async Task<MapReply> MapAsync(MapRequest request, ServerCallContext context)
    {
        (request, var function) = await ResolveAsync(request, context);
        var answers = new MapAnswers(new ItemResults(function.Signature), request.Items.Count);
        await RunAsync(request, function, answers, context);
        return answers.ToReply();
    }

    /// <summary>A message for each answer.</summary>
    /// <exception cref="RpcException">The call makes no sense, its job ended early, or too many answers wait for an earlier one.</exception>
    public async Task StreamAsync(MapRequest request, IServerStreamWriter<ItemResult> replies, ServerCallContext context)
    {
        (request, var function) = await ResolveAsync(request, context);
        var answers = new StreamedAnswers(new ItemResults(function.Signature), replies, request.Items.Count, request.Ordered, options.MaxReorderBytes);
        await RunAsync(request, function, answers, context);
        await answers.CompleteAsync();
    }

    private async Task RunAsync(MapRequest request, NamedFunction function, AnswerWriter answers, ServerCallContext context)
    {
        var spec = AdHocSpec.Create(request, function);
        spec.Traceparent = TraceHeader.Of(context);
        await admission.RefuseAsync(spec, context.CancellationToken);

        // Before the job is there: a call that makes no sense runs nothing.
        Batch[] items = [.. AdHocItems.Encode(request.Items, spec.Arguments == Arguments.None)];
        var job = admission.Create(spec, answers, context);
        await using var opened = admission.Open(job, Caller.Describe(context), context.CancellationToken);
        try
        {
            Feed(job, items);
            await opened.WaitForEndAsync();
        }
        catch
        {
            // Nobody waits for it any more, whatever it was.
            loop.Abandon(job);
            throw;
        }
    }

    /// <summary>What a request asks for.</summary>
    /// <returns>The request as it is carried out, and the function.</returns>
    /// <exception cref="RpcException">It names no function, or one that is not there; or it has a lambda that does not compile.</exception>
    public async ValueTask<(MapRequest Request, NamedFunction Function)> ResolveAsync(MapRequest request, ServerCallContext context) =>
        LambdaFunction.IsWanted(request) ? await lambdas.OfAsync(request, Caller.Describe(context), context.CancellationToken)
        : CommandFunction.IsWanted(request) ? CommandFunction.Of(request)
        : (request, Find(request.Function));

    private NamedFunction Find(string name)
    {
        try
        {
            return name.Length > 0 ? functions.Find(name) : throw RichStatus.BadField("function", "The request does not say which function to call (`function`, such as samples/square), which lambda (`csharp`), nor which program to run (`command`).");
        }
        catch (UnknownFunctionException exception)
        {
            throw RichStatus.Missing("function", name, exception.Message);
        }
    }

    // All of it at once: a message of people is smaller than what programs may have in flight.
    private void Feed(JobSession job, Batch[] items)
    {
        var feed = new JobFeed(job, loop, metrics);
        foreach (var batch in items)
        {
            Accept(feed.Add(batch));
        }

        Accept(feed.End(null));
    }

    /// <summary>Ends the call where a job takes no more.</summary>
    /// <exception cref="RpcException">It does not.</exception>
    public static void Accept(string? violation)
    {
        if (violation is not null)
        {
            throw RichStatus.TooMuch("items", $"The items are more than this coordinator takes at once. {violation}");
        }
    }
}
