using Cluster.Protocol;
using Cluster.Protocol.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Cluster.TestKit.Coordinator;

/// <summary>A client that speaks the raw protocol, message by message.</summary>
public sealed class ScriptedJob : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly AsyncDuplexStreamingCall<RunRequest, RunReply> _call;

    private ScriptedJob(GrpcChannel channel, string? token)
    {
        _channel = channel;
        _call = new Jobs.JobsClient(channel).Run(TestChannel.Headers(token));
    }

    /// <summary>What the coordinator calls it.</summary>
    public string JobId { get; private set; } = "";

    /// <summary>A spec that the coordinator takes: squares of 64-bit integers, without code to upload.</summary>
    public static JobSpec Spec(Action<JobSpec>? change = null)
    {
        var spec = new JobSpec
        {
            ProtocolVersion = ProtocolVersion.Current,
            Name = "squares",
            Function = new Function { Assembly = "App", Type = "App.Program", Method = "Square" },
            InputFormat = Format.Raw,
            InputStride = sizeof(long),
            Arguments = Arguments.Single,
            OnError = OnError.Collect,
        };
        change?.Invoke(spec);
        return spec;
    }

    /// <summary>Starts a call, without a word.</summary>
    public static ScriptedJob Connect(string address, string? token = null) => new(TestChannel.Open(address), token);

    /// <summary>Starts a call and opens a job.</summary>
    /// <exception cref="RpcException">The coordinator refused it.</exception>
    public static async Task<ScriptedJob> OpenAsync(string address, JobSpec spec, CancellationToken cancellationToken)
    {
        var job = Connect(address);
        await job.SendAsync(new RunRequest { Open = spec });
        var accepted = await job.ReceiveAsync(cancellationToken);
        job.JobId = accepted.Accepted?.JobId ?? throw new InvalidOperationException($"The first reply is {accepted.ReplyCase}.");
        return job;
    }

    /// <summary>Waits until the coordinator has answered another call of the same connection: it knows of the job's call by then.</summary>
    public Task PingAsync(CancellationToken cancellationToken) => TestChannel.PingAsync(_channel, cancellationToken);

    /// <summary>Sends any request.</summary>
    public Task SendAsync(RunRequest request) => _call.RequestStream.WriteAsync(request);

    /// <summary>Sends items.</summary>
    public Task SendAsync(Batch batch) => SendAsync(new RunRequest { Inputs = batch });

    /// <summary>Says that no more items come.</summary>
    public Task EndAsync(ulong count) => SendAsync(new RunRequest { EndInputs = new EndInputs { Count = count } });

    /// <summary>Ends the client's side of the stream.</summary>
    public Task CompleteAsync() => _call.RequestStream.CompleteAsync();

    /// <summary>The next reply.</summary>
    /// <exception cref="RpcException">The call failed.</exception>
    public async Task<RunReply> ReceiveAsync(CancellationToken cancellationToken) =>
        await _call.ResponseStream.MoveNext(cancellationToken)
            ? _call.ResponseStream.Current
            : throw new InvalidOperationException("The coordinator has ended the call.");

    /// <summary>Reads replies until one fits.</summary>
    public async Task<RunReply> ReceiveAsync(Func<RunReply, bool> fits, CancellationToken cancellationToken)
    {
        while (true)
        {
            var reply = await ReceiveAsync(cancellationToken);
            if (fits(reply))
            {
                return reply;
            }
        }
    }

    /// <summary>Reads everything until the end of the call, and ends this side when the job has ended, as clients do.</summary>
    public async Task<JobRecord> CollectAsync(CancellationToken cancellationToken)
    {
        var record = new JobRecord();
        while (await _call.ResponseStream.MoveNext(cancellationToken))
        {
            record.Add(_call.ResponseStream.Current);
            if (_call.ResponseStream.Current.ReplyCase == RunReply.ReplyOneofCase.End)
            {
                await CompleteAsync();
            }
        }

        return record;
    }

    /// <summary>Cancels the call, as the end of the client's process would.</summary>
    public void Dispose()
    {
        _call.Dispose();
        _channel.Dispose();
    }
}
