using Cluster.Protocol;
using Cluster.Protocol.V1;

namespace Cluster.TestKit.FakeCoordinators;

/// <summary>Scripts that many tests use.</summary>
public static class FakeScripts
{
    /// <summary>Answers every item with itself.</summary>
    public static Task EchoAsync(FakeJob job) => AnswerAsync(job, batch => job.AnswerAsync(batch));

    /// <summary>Answers every item with a JSON document.</summary>
    public static Func<FakeJob, Task> Json(string document) => job => AnswerAsync(job, batch => job.AnswerJsonAsync(batch, document));

    /// <summary>Answers each batch in some way, and honours cancellation of the job.</summary>
    public static async Task AnswerAsync(FakeJob job, Func<Batch, Task> answer, ulong maxBytesInFlight = (ulong)Limits.DefaultMaxBytesInFlight)
    {
        await job.AcceptAsync(maxBytesInFlight);
        while (await job.ReadAsync() is { } request)
        {
            switch (request.RequestCase)
            {
                case RunRequest.RequestOneofCase.Inputs:
                    await answer(request.Inputs);
                    break;
                case RunRequest.RequestOneofCase.EndInputs:
                    await job.EndAsync();
                    return;
                case RunRequest.RequestOneofCase.CancelJob:
                    await job.EndAsync(new ErrorInfo { Kind = ErrorKind.Cancelled, Message = "The caller cancelled it." });
                    return;
            }
        }
    }
}
