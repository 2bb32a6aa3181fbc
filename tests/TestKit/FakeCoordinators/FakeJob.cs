using Cluster.Protocol;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.TestKit.FakeCoordinators;

/// <summary>One call of Jobs.Run as a script sees it. Reading and writing are up to the script; it is done when the script is.</summary>
public sealed class FakeJob(
    JobSpec spec, IAsyncStreamReader<RunRequest> requests, IServerStreamWriter<RunReply> replies, ServerCallContext context)
{
    public JobSpec Spec { get; } = spec;

    public CancellationToken CallCancelled => context.CancellationToken;

    public Task AcceptAsync(ulong maxBytesInFlight = (ulong)Limits.DefaultMaxBytesInFlight, ulong maxItemsInFlight = 0) => SendAsync(new RunReply
    {
        Accepted = new Accepted
        {
            JobId = "job-1",
            ProtocolVersion = ProtocolVersion.Current,
            MaxBytesInFlight = maxBytesInFlight,
            MaxItemBytes = (ulong)Limits.DefaultMaxItemBytes,
            MaxItemsInFlight = maxItemsInFlight,
        },
    });

    /// <summary>Breaks the call, as a connection does that is lost.</summary>
    public void Break() => context.GetHttpContext().Abort();

    /// <summary>The next request; null when the client has ended its side.</summary>
    public async Task<RunRequest?> ReadAsync() => await requests.MoveNext(context.CancellationToken) ? requests.Current : null;

    /// <summary>Reads until the next batch of inputs.</summary>
    public async Task<Batch> ReadInputsAsync()
    {
        while (await ReadAsync() is { } request)
        {
            if (request.Inputs is { } batch)
            {
                return batch;
            }
        }

        throw new InvalidOperationException("The client ended without sending further inputs.");
    }

    /// <summary>Reads until a request of this kind.</summary>
    public async Task<RunRequest> ReadUntilAsync(RunRequest.RequestOneofCase kind)
    {
        while (await ReadAsync() is { } request)
        {
            if (request.RequestCase == kind)
            {
                return request;
            }
        }

        throw new InvalidOperationException($"The client ended without {kind}.");
    }

    public Task SendAsync(RunReply reply) => replies.WriteAsync(reply);

    public Task AnswerAsync(params Batch[] batches)
    {
        var results = new Results { Node = "fake", WorkerPid = 1, Attempt = 1 };
        results.Batches.AddRange(batches);
        return SendAsync(new RunReply { Results = results });
    }

    /// <summary>Answers every item of a batch with the same JSON document.</summary>
    public Task AnswerJsonAsync(Batch inputs, string json)
    {
        var builder = new BatchBuilder<System.Text.Json.JsonElement>(ItemCodec.For<System.Text.Json.JsonElement>(Format.Json));
        using var document = System.Text.Json.JsonDocument.Parse(json);
        for (ulong i = 0; i < inputs.Count; i++)
        {
            builder.Add(inputs.First + i, document.RootElement);
        }

        return AnswerAsync([.. builder.TakeAll()]);
    }

    public Task FailAsync(ulong index, ErrorInfo error) => SendAsync(new RunReply
    {
        Results = new Results { Node = "fake", Failures = { new ItemFailure { Index = index, Error = error } } },
    });

    /// <summary>Ends the job and waits until the client has ended its side, as a coordinator does: leaving earlier resets the stream.</summary>
    public async Task EndAsync(ErrorInfo? error = null)
    {
        await SendAsync(new RunReply { End = new JobEnd { Error = error } });
        while (await ReadAsync() is not null)
        {
            // What the client had sent before it heard of the end.
        }
    }
}
