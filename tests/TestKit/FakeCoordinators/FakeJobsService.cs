using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.TestKit.FakeCoordinators;

internal sealed class FakeJobsService(Func<FakeJob, Task> script) : Jobs.JobsBase
{
    public override async Task Run(IAsyncStreamReader<RunRequest> requestStream, IServerStreamWriter<RunReply> responseStream, ServerCallContext context)
    {
        if (!await requestStream.MoveNext(context.CancellationToken))
        {
            return;
        }

        await script(new FakeJob(requestStream.Current.Open, requestStream, responseStream, context));
    }
}
