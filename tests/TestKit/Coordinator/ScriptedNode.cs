using Cluster.Protocol;
using Cluster.Protocol.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Cluster.TestKit.Coordinator;

/// <summary>A node that speaks the raw protocol and has no workers: tests say what it answers.</summary>
public sealed class ScriptedNode : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly AsyncDuplexStreamingCall<NodeMessage, NodeCommand> _call;

    private ScriptedNode(GrpcChannel channel, string? token)
    {
        _channel = channel;
        _call = new Nodes.NodesClient(channel).Attach(TestChannel.Headers(token));
    }

    /// <summary>What a node says of itself.</summary>
    public static Hello Hello(string name, Action<Hello>? change = null)
    {
        var hello = new Hello { ProtocolVersion = ProtocolVersion.Current, Version = "0.1.0", Name = name, Slots = 2, Prefetch = 2, Host = "test", Pid = 1, Runtime = ".NET 10.0" };
        change?.Invoke(hello);
        return hello;
    }

    /// <summary>Starts a session, without a word.</summary>
    public static ScriptedNode Connect(string address, string? token = null) => new(TestChannel.Open(address), token);

    /// <summary>Starts a session, says hello and takes the welcome.</summary>
    /// <exception cref="RpcException">The coordinator refused the node.</exception>
    public static async Task<ScriptedNode> AttachAsync(string address, Hello hello, CancellationToken cancellationToken, string? token = null)
    {
        var node = Connect(address, token);
        await node.SendAsync(new NodeMessage { Hello = hello });
        var welcome = await node.ReceiveAsync(cancellationToken);
        node.Welcome = welcome.Welcome ?? throw new InvalidOperationException($"The first command is {welcome.CommandCase}.");
        return node;
    }

    /// <summary>How the coordinator greeted it.</summary>
    public Welcome Welcome { get; private set; } = new();

    /// <summary>Waits until the coordinator has answered another call of the same connection: it knows of the session by then.</summary>
    public Task PingAsync(CancellationToken cancellationToken) => TestChannel.PingAsync(_channel, cancellationToken);

    /// <summary>Sends any message.</summary>
    public Task SendAsync(NodeMessage message) => _call.RequestStream.WriteAsync(message);

    /// <summary>The next command.</summary>
    /// <exception cref="RpcException">The coordinator has ended the session.</exception>
    public async Task<NodeCommand> ReceiveAsync(CancellationToken cancellationToken) =>
        await _call.ResponseStream.MoveNext(cancellationToken)
            ? _call.ResponseStream.Current
            : throw new InvalidOperationException("The coordinator has ended the session.");

    /// <summary>Reads commands until one fits.</summary>
    public async Task<NodeCommand> ReceiveAsync(Func<NodeCommand, bool> fits, CancellationToken cancellationToken)
    {
        while (true)
        {
            var command = await ReceiveAsync(cancellationToken);
            if (fits(command))
            {
                return command;
            }
        }
    }

    /// <summary>Reads commands until a whole chunk has come.</summary>
    /// <returns>The chunk with the batches of all its messages.</returns>
    public async Task<RunChunk> ReceiveChunkAsync(CancellationToken cancellationToken)
    {
        var chunk = await ReceivePartAsync(cancellationToken);
        while (!chunk.Last)
        {
            var part = await ReceivePartAsync(cancellationToken);
            chunk.Batches.Add(part.Batches);
            chunk.Last = part.Last;
        }

        return chunk;
    }

    private async Task<RunChunk> ReceivePartAsync(CancellationToken cancellationToken) =>
        (await ReceiveAsync(static command => command.CommandCase == NodeCommand.CommandOneofCase.RunChunk, cancellationToken)).RunChunk;

    /// <summary>Sends results of a chunk.</summary>
    public Task AnswerAsync(ulong chunk, params Batch[] batches) => SendAsync(new NodeMessage
    {
        ChunkResults = new ChunkResults { ChunkId = chunk, Results = new Results { Batches = { batches }, WorkerPid = 7 } },
    });

    /// <summary>Sends the failure of an item.</summary>
    public Task FailAsync(ulong chunk, ulong index, string message) => SendAsync(new NodeMessage
    {
        ChunkResults = new ChunkResults
        {
            ChunkId = chunk,
            Results = new Results { Failures = { new ItemFailure { Index = index, Error = new ErrorInfo { Kind = ErrorKind.User, Message = message } } } },
        },
    });

    /// <summary>Ends a chunk.</summary>
    public Task EndAsync(ulong chunk, ChunkEnd end = ChunkEnd.Done, ErrorInfo? error = null) =>
        SendAsync(new NodeMessage { ChunkEnded = new ChunkEnded { ChunkId = chunk, End = end, Error = error } });

    /// <summary>Answers every chunk until the session ends or the token says stop.</summary>
    /// <param name="answer">The result of each batch, such as <see cref="RawBatches.Square"/>.</param>
    /// <param name="cancellationToken">Ends the serving.</param>
    public async Task ServeAsync(Func<Batch, Batch> answer, CancellationToken cancellationToken)
    {
        try
        {
            while (await _call.ResponseStream.MoveNext(cancellationToken))
            {
                if (_call.ResponseStream.Current.RunChunk is { } run)
                {
                    await SendAsync(new NodeMessage { ChunkStarted = new ChunkStarted { ChunkId = run.ChunkId } });
                    await AnswerAsync(run.ChunkId, [.. run.Batches.Select(answer)]);
                    if (run.Last)
                    {
                        await EndAsync(run.ChunkId);
                    }
                }
            }
        }
        catch (RpcException) when (cancellationToken.IsCancellationRequested)
        {
            // The test is over.
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The test is over.
        }
    }

    /// <summary>Drops the connection, as the death of the node's process would.</summary>
    public void Dispose()
    {
        _call.Dispose();
        _channel.Dispose();
    }
}
